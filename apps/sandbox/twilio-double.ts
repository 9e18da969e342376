import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Behaviour, rules, type Rule } from './behaviour.js';
import { TwilioCallbacks } from './twilio-callbacks.js';
import { magicNumbers, twilioErrors } from './twilio-errors.js';
import { listOf, resourceOf, textsPage } from './twilio-resources.js';
import { isWhatsapp, Texts, type Content, type Text } from './twilio-texts.js';
import { json, serve, type Answer, type Asked } from './web.js';

export interface TwilioDoubleOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** The company's webhook for incoming texts; can be set later. */
  readonly inboundUrl?: string;
  /** Real milliseconds from the acceptance to the report `sent`, and from there to `delivered`; default 5. */
  readonly reportAfterMs?: number;
}

/** Twilio's Messages resource on loopback, for texts and for WhatsApp. */
export interface TwilioDouble {
  /** For PERENNIAL_TWILIO_BASE_URL; in a browser, a page of all texts. */
  readonly url: string;
  readonly port: number;
  /** The texts after number `since`, both directions, oldest first. */
  texts(since?: number): Text[];
  textsTo(phone: string): readonly Text[];
  /** Replaces all earlier rules. */
  behave(list: readonly Rule[]): void;
  /** Sends a text to the company as a phone does. @returns its sid and what the webhook answered */
  receive(text: InboundText): Promise<{ messageSid: string; status: number }>;
  setInboundUrl(url: string): void;
  /** Waits until all status reports so far have been sent. */
  settled(): Promise<void>;
  /** Status reports that the webhook did not answer with success. */
  readonly failedReports: number;
  close(): Promise<void>;
}

const inboundText = z.object({ from: z.string(), to: z.string(), body: z.string() });
export type InboundText = z.infer<typeof inboundText>;

const outboundText = z.object({
  To: z.string().default(''),
  From: z.string().default(''),
  MessagingServiceSid: z.string().default(''),
  Body: z.string().default(''),
  ContentSid: z
    .string()
    .regex(/^HX[0-9a-f]{32}$/)
    .optional(),
  ContentVariables: z.string().default('{}'),
  StatusCallback: z.url().optional(),
});

type OutboundText = z.infer<typeof outboundText>;

const phoneNumber = /^(whatsapp:)?\+[1-9]\d{6,14}$/;
/** The error for free text on WhatsApp that answers no message; Twilio accepts it first and reports the error later. */
const outsideConversation = 63016;
const contentVariables = z.record(z.string(), z.string());

export async function startTwilioDouble(options: TwilioDoubleOptions): Promise<TwilioDouble> {
  const { accountSid, authToken, reportAfterMs = 5 } = options;
  const texts = new Texts();
  const behaviour = new Behaviour();
  const callbacks = new TwilioCallbacks(authToken);
  const credentials = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const base = `/2010-04-01/Accounts/${accountSid}/Messages`;
  const reporting = new Set<Promise<void>>();
  let inboundUrl = options.inboundUrl;
  let failedReports = 0;

  const refuse = (code: number, to = ''): Answer => {
    const { status, message } = twilioErrors[code] ?? { status: 400, message: () => 'refused by rule' };
    return json({ code, message: message(to), more_info: `https://www.twilio.com/docs/errors/${code}`, status }, status);
  };

  const create = async (asked: Asked): Promise<Answer | null> => {
    const form = outboundText.parse(Object.fromEntries(new URLSearchParams(asked.body)));
    const from = form.From === '' ? form.MessagingServiceSid : form.From;
    const rule = behaviour.take(form.To);
    await sleep(rule?.delayMs ?? 0);
    if (rule?.then?.kind === 'drop') return null;
    if (rule?.then?.kind === 'fail')
      return { status: 500, type: 'text/html; charset=utf-8', body: '<html><h1>500 Internal Server Error</h1></html>' };
    const content = contentOf(form);
    const code = rule?.then?.kind === 'refuse' ? rule.then.code : errorOf(form, from, content, texts);
    if (code !== null) return refuse(code, form.To);

    const text = texts.add({
      direction: 'outbound-api',
      from,
      to: form.To,
      body: content ? Object.values(content.variables).join(' ') : form.Body,
      content: content ?? null,
      statusCallback: form.StatusCallback ?? null,
      status: 'queued',
    });
    const accepted = json(resourceOf(text, accountSid), 201);
    const unasked = isWhatsapp(text.to) && text.content === null && !texts.inConversation(text.to, text.from);
    const report = unasked
      ? reportFailure(text, outsideConversation)
      : reportOn(text, rule?.then?.kind === 'undelivered' ? rule.then.code : null);
    reporting.add(report);
    void report.finally(() => reporting.delete(report));
    return rule?.then?.kind === 'cut' ? null : accepted;
  };

  /** First sent, then delivered or undelivered; each is reported to the callback, the second only after the first was answered. */
  const reportOn = async (text: Text, errorCode: number | null): Promise<void> => {
    await sleep(reportAfterMs);
    text.sentAt = new Date();
    text.status = 'sent';
    await report(text);
    await sleep(reportAfterMs);
    text.status = errorCode === null ? 'delivered' : 'undelivered';
    text.errorCode = errorCode;
    await report(text);
  };

  const reportFailure = async (text: Text, errorCode: number): Promise<void> => {
    await sleep(reportAfterMs);
    text.status = 'failed';
    text.errorCode = errorCode;
    await report(text);
  };

  const report = async (text: Text): Promise<void> => {
    if (text.statusCallback === null) return;
    const status = await callbacks
      .post(text.statusCallback, {
        ApiVersion: '2010-04-01',
        AccountSid: accountSid,
        MessageSid: text.sid,
        SmsSid: text.sid,
        MessageStatus: text.status,
        SmsStatus: text.status,
        From: text.from,
        To: text.to,
        ...(text.errorCode !== null && { ErrorCode: String(text.errorCode) }),
      })
      .catch(() => 0);
    if (status < 200 || status >= 300) failedReports += 1;
  };

  const receive = async ({ from, to, body }: InboundText): Promise<{ messageSid: string; status: number }> => {
    if (inboundUrl === undefined) throw new Error('no inbound webhook is configured');
    const text = texts.add({ direction: 'inbound', from, to, body, statusCallback: null, status: 'received' });
    texts.hear(from, to, body);
    const sids = { MessageSid: text.sid, SmsSid: text.sid, SmsMessageSid: text.sid };
    const counts = { NumMedia: '0', NumSegments: '1', SmsStatus: 'received', ApiVersion: '2010-04-01' };
    const profile: Readonly<Record<string, string>> = isWhatsapp(from)
      ? { MessageType: 'text', ProfileName: 'A customer', WaId: from.replace('whatsapp:+', '') }
      : {};
    const status = await callbacks.post(inboundUrl, {
      AccountSid: accountSid,
      ...sids,
      ...counts,
      ...profile,
      From: from,
      To: to,
      Body: body,
    });
    return { messageSid: text.sid, status };
  };

  /** The double's own endpoints; Twilio has none of these. */
  const answerOwn = async ({ method, url, body }: Asked): Promise<Answer> => {
    if (method === 'GET' && url.pathname === '/double/messages') {
      const since = Number(url.searchParams.get('since') ?? 0);
      const messages = texts.since(since, Number(url.searchParams.get('limit') ?? 1000));
      return json({ messages, next: messages.at(-1)?.number ?? since });
    }
    if (method === 'POST' && url.pathname === '/double/behaviour') {
      behaviour.set(rules.parse(JSON.parse(body)));
      return json({});
    }
    if (method === 'POST' && url.pathname === '/double/inbound') {
      const received = await receive(inboundText.parse(JSON.parse(body)));
      return json(received, received.status < 300 ? 200 : 502);
    }
    return url.pathname === '/' ? textsPage(texts) : json({ error: 'not found' }, 404);
  };

  const answer = async (asked: Asked): Promise<Answer | null> => {
    const { pathname } = asked.url;
    if (!pathname.startsWith('/2010-04-01/')) return answerOwn(asked);
    if (asked.headers.authorization !== credentials) return refuse(20003);
    if (pathname === `${base}.json`) return asked.method === 'POST' ? create(asked) : json(listOf(texts, asked.url, accountSid));
    const text = pathname.startsWith(`${base}/`) ? texts.one(pathname.slice(base.length + 1).replace(/\.json$/, '')) : undefined;
    return text === undefined ? refuse(20404) : json(resourceOf(text, accountSid));
  };

  const web = await serve(options.port ?? 0, answer);
  return {
    url: `http://127.0.0.1:${web.port}`,
    port: web.port,
    texts: (since = 0) => texts.since(since),
    textsTo: (phone) => texts.to(phone),
    behave: (list) => behaviour.set(list),
    receive,
    setInboundUrl: (url) => {
      inboundUrl = url;
    },
    settled: async () => {
      await Promise.all(reporting);
    },
    get failedReports() {
      return failedReports;
    },
    close: async () => {
      await Promise.all(reporting);
      callbacks.close();
      await web.close();
    },
  };
}

/** @returns undefined if free words are sent, null if the variables are no JSON object of texts */
function contentOf({ ContentSid, ContentVariables }: OutboundText): Content | null | undefined {
  if (ContentSid === undefined) return undefined;
  try {
    return { sid: ContentSid, variables: contentVariables.parse(JSON.parse(ContentVariables)) };
  } catch {
    return null;
  }
}

/** The first error that Twilio would report for a text; null if there is none. */
function errorOf({ To: to, Body: body }: OutboundText, from: string, content: Content | null | undefined, texts: Texts): number | null {
  if (to === '') return 21604;
  if (from === '') return 21603;
  if (content === null) return 21656;
  if (body === '' && content === undefined) return 21602;
  if (body.length > 1600) return 21617;
  if (!phoneNumber.test(to)) return 21211;
  if (isWhatsapp(to) !== isWhatsapp(from)) return 21910;
  return magicNumbers[to.replace('whatsapp:', '')] ?? (texts.isStopped(to, from) ? 21610 : null);
}
