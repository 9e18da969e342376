/** A body, and how it is written. */
export interface Body {
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly charset?: string | undefined;
  readonly encoding?: 'quoted-printable' | 'base64' | undefined;
  readonly flowed?: boolean | undefined;
}

/** What windows-1252 and ISO-8859-15 have where ISO-8859-1 has something else. */
const own: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'windows-1252': { '€': 0x80, '’': 0x92, '“': 0x93, '”': 0x94, '–': 0x96, '…': 0x85 },
  'iso-8859-15': { '€': 0xa4 },
  'iso-8859-1': {},
};
const boundary = '=_part';

/** The bytes of a mail: one part, or multipart/alternative where it has text and HTML. */
export function writeReply(body: Body, subject: string): Buffer {
  const { text, html } = body;
  const headers = [
    'From: Ada Lovelace <ada@example.test>',
    'To: r+1@replies.example.test',
    `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
    'Message-ID: <1@example.test>',
    'MIME-Version: 1.0',
  ];
  const parts = [text === undefined ? '' : part('plain', text, body), html === undefined ? '' : part('html', html, body)].filter(
    (one) => one !== '',
  );
  const whole =
    parts.length === 1
      ? `${headers.join('\r\n')}\r\n${parts[0] ?? ''}`
      : `${headers.join('\r\n')}\r\nContent-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n${parts.map((one) => `--${boundary}\r\n${one}\r\n`).join('')}--${boundary}--\r\n`;
  return Buffer.from(whole, 'latin1');
}

function part(kind: 'plain' | 'html', content: string, { charset, encoding = 'quoted-printable', flowed }: Body): string {
  const flow = kind === 'plain' && flowed === true ? '; format=flowed' : '';
  const lines = (flow === '' ? content : flowedText(content)).replaceAll('\n', '\r\n');
  const bytes = charset === undefined ? undefined : encode(lines, charset);
  const [label, octets] = bytes === undefined ? ['utf-8', Buffer.from(lines)] : [charset, bytes];
  const written = encoding === 'base64' ? base64(octets) : quotedPrintable(octets);
  return `Content-Type: text/${kind}; charset=${label ?? ''}${flow}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${written}`;
}

/** @returns undefined if the charset lacks a letter */
function encode(text: string, charset: string): Buffer | undefined {
  const more = own[charset] ?? {};
  const bytes = Array.from(text, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return more[letter] ?? (code < 0x80 || (code >= 0xa0 && code <= 0xff) ? code : -1);
  });
  return bytes.includes(-1) ? undefined : Buffer.from(bytes);
}

/** RFC 3676: a long line is broken behind a space, its quote mark repeated; a line that begins with a space gets one more. */
function flowedText(text: string): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const [mark, words] = line.startsWith('>') ? ['> ', line.slice(1).trimStart()] : ['', line];
      const rows = words.match(/.{1,66}(?: |$)/g) ?? [words];
      return rows.map((row) => (mark === '' && /^[ >]|^From /.test(row) ? ` ${row}` : mark + row));
    })
    .join('\n');
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
}

function quotedPrintable(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .split('\r\n')
    .map((line) =>
      line
        .replace(/[^\x20-\x3c\x3e-\x7e]/g, (letter) => `=${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
        .replace(/ $/, '=20')
        .replace(/(?:=[0-9A-F]{2}|[^=]){72}(?=.)/g, '$&=\r\n'),
    )
    .join('\r\n');
}
