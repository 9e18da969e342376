import { isWhatsapp, segmentsOf, type Text, type Texts } from './twilio-texts.js';
import { markup, page, type Answer } from './web.js';

/** A text as Twilio's API shows it: https://www.twilio.com/docs/messaging/api/message-resource */
export function resourceOf(text: Text, accountSid: string): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${text.sid}`;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: text.body,
    date_created: rfc2822(text.at),
    date_sent: text.sentAt === null ? null : rfc2822(text.sentAt),
    date_updated: rfc2822(text.sentAt ?? text.at),
    direction: text.direction,
    error_code: text.errorCode,
    error_message: null,
    from: text.from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: String(isWhatsapp(text.from) ? 1 : segmentsOf(text.body)),
    price: null,
    price_unit: 'USD',
    sid: text.sid,
    status: text.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: text.to,
    uri: `${uri}.json`,
  };
}

/**
 * The list, newest first, by `To`, `From`, `DateSent`, `DateSent>` and `DateSent<` (a day, or an instant), in pages.
 * A queued text counts as sent when it was created: the company looks here for texts that it does not know to be accepted.
 */
export function listOf(texts: Texts, { pathname, searchParams }: URL, accountSid: string): Record<string, unknown> {
  const to = searchParams.get('To');
  const from = searchParams.get('From');
  const found = (to === null ? texts.since(0) : [...texts.to(to)])
    .filter((text) => from === null || text.from === from)
    .filter((text) => wasSentWithin(text.sentAt ?? text.at, searchParams))
    .reverse();
  const size = Number(searchParams.get('PageSize') ?? 50);
  const number = Number(searchParams.get('Page') ?? 0);
  const uriOf = (at: number): string => {
    const query = new URLSearchParams(searchParams);
    query.set('Page', String(at));
    query.set('PageSize', String(size));
    return `${pathname}?${query.toString()}`;
  };
  const start = number * size;
  return {
    messages: found.slice(start, start + size).map((text) => resourceOf(text, accountSid)),
    page: number,
    page_size: size,
    start,
    end: Math.min(start + size, found.length) - 1,
    uri: uriOf(number),
    first_page_uri: uriOf(0),
    previous_page_uri: number > 0 ? uriOf(number - 1) : null,
    next_page_uri: start + size < found.length ? uriOf(number + 1) : null,
  };
}

function wasSentWithin(sent: Date, query: URLSearchParams): boolean {
  const on = query.get('DateSent');
  const after = query.get('DateSent>');
  const before = query.get('DateSent<');
  if (on !== null && !sent.toISOString().startsWith(on.slice(0, 10))) return false;
  // Twilio keeps whole seconds
  if (after !== null && sent.getTime() < Math.floor(Date.parse(after) / 1000) * 1000) return false;
  return before === null || sent.getTime() <= Date.parse(before) + 999;
}

/** "Thu, 24 Aug 2023 05:01:45 +0000" */
const rfc2822 = (at: Date): string => at.toUTCString().replace('GMT', '+0000');

const shown = 200;

/** All texts, the newest first. */
export function textsPage(texts: Texts): Answer {
  const rows = texts
    .since(Math.max(0, texts.count - shown))
    .reverse()
    .map(
      (text) =>
        markup`<tr><td>${text.at.toISOString().slice(11, 19)}</td><td>${text.from}</td><td>${text.to}</td><td>${text.status}</td><td>${text.body}</td></tr>`,
    );
  const count = markup`<p>${texts.count} texts in both directions, none left this machine. The newest ${rows.length}:</p>`;
  const head = markup`<tr><th>Time (UTC)</th><th>From</th><th>To</th><th>Status</th><th>Text</th></tr>`;
  return page('Twilio double', markup`${count}<table>${head}${rows}</table>`);
}
