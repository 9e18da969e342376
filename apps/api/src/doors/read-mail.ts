import { createHash } from 'node:crypto';
import PostalMime, { type Email } from 'postal-mime';

/** What is needed of an incoming mail. */
export interface IncomingMail {
  /** The Message-ID, or a hash of the whole mail where it has none. */
  readonly id: string;
  readonly subject: string;
  /** Header values by lower-case name (the first of each), and the envelope's sender as `return-path`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The machine's part of a delivery report. */
  readonly deliveryStatus: string | undefined;
}

const longestId = 500;

/**
 * Parses a mail.
 * @param sender of the envelope; empty for the null return path
 */
export async function readMail(raw: Buffer, sender: string): Promise<IncomingMail> {
  const mail = await PostalMime.parse(raw, { maxNestingDepth: 30, attachmentEncoding: 'arraybuffer', forceRfc822Attachments: true });
  const headers: Record<string, string> = {};
  for (const { key, value } of mail.headers) headers[key] ??= value;
  return {
    id: mail.messageId?.slice(0, longestId) ?? createHash('sha256').update(raw).digest('hex'),
    subject: mail.subject ?? '',
    headers: { ...headers, 'return-path': `<${sender}>` },
    text: mail.text ?? textOf(mail.html ?? ''),
    deliveryStatus: deliveryStatusOf(mail),
  };
}

function deliveryStatusOf(mail: Email): string | undefined {
  const part = mail.attachments.find(
    ({ mimeType }) => mimeType === 'message/delivery-status' || mimeType === 'message/global-delivery-status',
  );
  if (part === undefined) return undefined;
  return typeof part.content === 'string' ? part.content : Buffer.from(part.content as Uint8Array).toString('utf8');
}

const longestHtml = 100_000;
const quoted = /<(style|script|head|title|blockquote)\b[^<>]*>[\s\S]*?(<\/\1\s*>|$)/gi;
/** What Gmail, Outlook, Thunderbird and Yahoo call the element that quotes. */
const quoteName = /gmail_quote|divRplyFwdMsg|appendonsend|moz-cite-prefix|yahoo_quoted/i;
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The words of a mail that came as HTML only, without what it quotes. */
export function textOf(markup: string): string {
  return beforeQuote(markup.slice(0, longestHtml))
    .replace(quoted, '\n')
    .replace(/<(br|\/p|\/div|\/li|\/tr|hr)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
    })
    .trim();
}

function beforeQuote(markup: string): string {
  const name = markup.search(quoteName);
  const tag = name < 0 ? -1 : markup.lastIndexOf('<', name);
  return tag < 0 || markup.slice(tag, name).includes('>') ? markup : markup.slice(0, tag);
}
