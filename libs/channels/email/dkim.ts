import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** How the company's domain signs its mail. */
export interface DkimSettings {
  readonly domain: string;
  /** Names the public key, which is in the DNS as TXT of `<selector>._domainkey.<domain>`. */
  readonly selector: string;
  /** A PEM, RSA or Ed25519, or the path of a file with one. */
  readonly privateKey: string;
}

/**
 * The signed headers, present or not: nobody can add a listed header on the way. From is listed once more than it may occur, so that nobody
 * can add a second one in front (RFC 6376, 8.15); both List-Unsubscribe headers have to be signed for one-click (RFC 8058, 4).
 */
const signedHeaders = [
  'from',
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'reply-to',
  'mime-version',
  'content-type',
  'list-unsubscribe',
  'list-unsubscribe-post',
];

const leastRsaBits = 1_024;

interface Algorithm {
  readonly name: string;
  sign(data: string, key: KeyObject): Buffer;
}

const algorithms: Readonly<Record<string, Algorithm>> = {
  rsa: { name: 'rsa-sha256', sign: (data, key) => sign('sha256', Buffer.from(data, 'latin1'), key) },
  // RFC 8463, 3: what Ed25519 signs is the hash of the data.
  ed25519: { name: 'ed25519-sha256', sign: (data, key) => sign(null, hash(data), key) },
};

/**
 * Signs whole mails (RFC 6376, relaxed/relaxed; RFC 8463 for Ed25519). Nodemailer's own signer is a stream, supports only RSA and does not
 * list missing headers.
 * @returns a function that puts a DKIM-Signature before a raw mail whose header lines end in CRLF
 * @throws Error if the key cannot be read or is of another kind
 */
export function createDkimSigner({ domain, selector, privateKey }: DkimSettings): (raw: Buffer) => Buffer {
  const key = readKey(privateKey);
  const algorithm = algorithms[key.asymmetricKeyType ?? ''];
  if (algorithm === undefined || (key.asymmetricKeyDetails?.modulusLength ?? Infinity) < leastRsaBits) {
    throw new Error(`The DKIM key must be Ed25519, or RSA of ${leastRsaBits} bits or more`);
  }
  const start = [
    `DKIM-Signature: v=1; a=${algorithm.name}; c=relaxed/relaxed;`,
    ` d=${domain}; s=${selector};`,
    ` h=${signedHeaders.slice(0, 6).join(':')}:`,
    `  ${signedHeaders.slice(6).join(':')};`,
    ' bh=',
  ].join('\r\n');

  return (raw) => {
    // One character for each byte: nothing is decoded, and bytes outside ASCII do not change.
    const text = raw.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    const headers = end < 0 ? text : text.slice(0, end);
    const body = end < 0 ? '' : text.slice(end + 4);
    const unsigned = `${start}${hash(relaxedBody(body)).toString('base64')};\r\n b=`;
    const data = `${signedLines(headers)}dkim-signature:${relaxedValue(unsigned)}`;
    const signature = algorithm
      .sign(data, key)
      .toString('base64')
      .replace(/.{72}(?=.)/g, '$&\r\n ');
    return Buffer.concat([Buffer.from(`${unsigned}${signature}\r\n`, 'latin1'), raw]);
  };
}

function readKey(given: string): KeyObject {
  try {
    return createPrivateKey(given.includes('-----BEGIN') ? given.replaceAll('\\n', '\n') : readFileSync(given));
  } catch {
    throw new Error('The DKIM key is neither a private key as PEM nor a file that holds one');
  }
}

function hash(data: string): Buffer {
  return createHash('sha256').update(data, 'latin1').digest();
}

/** The signed header fields in order, canonical. If there are several with one name, the lowest is taken first (RFC 6376, 5.4.2). */
function signedLines(headers: string): string {
  const fields = new Map<string, string[]>();
  for (const field of headers.split(/\r\n(?![ \t])/)) {
    const name = field.slice(0, field.indexOf(':')).trimEnd().toLowerCase();
    fields.set(name, [...(fields.get(name) ?? []), field]);
  }
  return signedHeaders
    .map((name) => {
      const field = fields.get(name)?.pop();
      return field === undefined ? '' : `${name}:${relaxedValue(field)}\r\n`;
    })
    .join('');
}

/** RFC 6376, 3.4.2: unfolded, white space as one space, none at the ends. */
function relaxedValue(field: string): string {
  return field
    .slice(field.indexOf(':') + 1)
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
}

/** RFC 6376, 3.4.4: white space as one space, none at the end of a line, no empty lines at the end. */
function relaxedBody(body: string): string {
  const lines = body
    .replace(/[ \t]+/g, ' ')
    .replaceAll(' \r\n', '\r\n')
    .replace(/ $/, '');
  let end = lines.length;
  while (lines.startsWith('\r\n', end - 2)) end -= 2;
  return end <= 0 ? '' : `${lines.slice(0, end)}\r\n`;
}
