/** The position of a mail in its thread (RFC 5322, 3.6.4). */
export interface MailThread {
  /** Its own Message-ID, with brackets; null if it has none that can be used in a header. */
  readonly messageId: string | null;
  /** The Message-IDs of the mails before it, the oldest first. */
  readonly references: readonly string[];
  readonly subject: string;
}

/** An id that is safe in a header, whoever wrote it: no white space, no second bracket, only ASCII. */
const messageIds = /<[!-;=?-~]{1,250}>/g;
/** Mail programs use the last ones. */
const mostReferences = 10;
const longestSubject = 200;
/** Characters of the header: it is not folded, and a line may have 998 (RFC 5322, 2.1.1). */
const longestReferences = 900;

/**
 * The data of an incoming mail that a reply in its thread needs.
 * @param headers by lower-case name
 */
export function readThread(headers: Readonly<Record<string, string | undefined>>, subject: string): MailThread {
  const ids = (name: string): string[] => headers[name]?.slice(0, 20_000).match(messageIds) ?? [];
  return {
    messageId: ids('message-id')[0] ?? null,
    references: (headers['references'] === undefined ? ids('in-reply-to') : ids('references')).slice(-mostReferences),
    subject: oneLine(subject).slice(0, longestSubject),
  };
}

/** "Re:" in the languages of mail programs, once or several times. */
const answered = /^((re|aw|antw|antwort|sv|vs|rv|rif|ref|rép|ré|odp|ynt|回复|答复|回覆)\s*(\[\d{1,3}\])?\s*[:：]\s*)+/iu;

/**
 * The headers of a reply.
 * @param before the Message-ID of our mail that the customer answered, with brackets; null if there was none
 * @param fallback the subject if the customer's mail had none
 */
export function replyHeaders(
  thread: MailThread | null,
  before: string | null,
  fallback: string,
): { readonly subject: string; readonly headers: Readonly<Record<string, string>> } {
  const subject = `Re: ${thread?.subject.replace(answered, '').trim() || fallback}`;
  const known = thread?.references ?? [];
  const chain = [...(known.length === 0 && before !== null ? [before] : known), ...(thread?.messageId == null ? [] : [thread.messageId])];
  const last = chain.at(-1);
  if (last === undefined) return { subject, headers: {} };
  while (chain.join(' ').length > longestReferences) chain.shift();
  return { subject, headers: { 'In-Reply-To': last, References: chain.join(' ') } };
}

function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f\s]+/g, ' ')
    .trim();
}
