import { createHash, createPublicKey, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDkimSigner } from './dkim.js';
import { writeMail } from './mime.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const mail = writeMail({
  messageId: '0190@replies.example.test',
  date: new Date('2026-03-02T12:00:00Z'),
  from: { name: 'Zoë & Co', address: 'offers@example.test' },
  to: 'ada@example.test',
  replyTo: 'r+0190.abc@replies.example.test',
  subject: 'Ein Angebot für Sie, das so lang ist, dass die Zeile umgebrochen werden muss',
  text: ['Hallo Ada,  \n\n\tgrüß ', 'Gott', '.   \n\n\n'],
  html: ['<p>Hallo  Ada</p>'],
  headers: {
    'List-Unsubscribe': '<https://perennial.test/u/1>, <mailto:r@replies.example.test?subject=unsubscribe>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  },
});

/**
 * An independent verifier, written from RFC 6376 (6.1): reads the tags, takes the header fields from the bottom up, and checks the hash and
 * the signature.
 */
function check(raw: Buffer, publicKey: KeyObject): { body: boolean; signature: boolean; tags: Record<string, string> } {
  const text = raw.toString('latin1');
  const cut = text.indexOf('\r\n\r\n');
  const fields = [...text.slice(0, cut + 2).matchAll(/^([^:\s]+)[ \t]*:((?:[^\r]|\r\n[ \t])*)\r\n/gm)].map(([, name = '', value = '']) => ({
    name: name.toLowerCase(),
    value: value.replace(/\r\n/g, '').replace(/\s+/g, ' ').trim(),
  }));
  const own = fields.find(({ name }) => name === 'dkim-signature')?.value ?? '';
  const tags = Object.fromEntries(
    own.split(';').map((tag) => [tag.slice(0, tag.indexOf('=')).trim(), tag.slice(tag.indexOf('=') + 1).replace(/\s/g, '')]),
  );
  const body = text
    .slice(cut + 4)
    .split('\r\n')
    .map((line) => line.replace(/[ \t]+$/, '').replace(/[ \t]+/g, ' '));
  while (body.at(-1) === '') body.pop();
  const hash = createHash('sha256')
    .update(body.map((line) => `${line}\r\n`).join(''), 'latin1')
    .digest('base64');
  const left = [...fields];
  const lines = (tags['h'] ?? '').split(':').flatMap((name) => {
    const at = left.findLastIndex((field) => field.name === name.toLowerCase());
    return at < 0 ? [] : left.splice(at, 1).map(({ value }) => `${name.toLowerCase()}:${value}\r\n`);
  });
  const data = Buffer.from(`${lines.join('')}dkim-signature:${own.replace(/b=[^;]*$/, 'b=')}`, 'latin1');
  const signature = Buffer.from(tags['b'] ?? '', 'base64');
  const isRsa = tags['a'] === 'rsa-sha256';
  return {
    body: hash === tags['bh'],
    signature: isRsa
      ? verify('sha256', data, publicKey, signature)
      : verify(null, createHash('sha256').update(data).digest(), publicKey, signature),
    tags,
  };
}

const domain = { domain: 'example.test', selector: 'spring2026' };
const edit = (raw: Buffer, from: string, to: string): Buffer => {
  const text = raw.toString('latin1');
  expect(text).toContain(from);
  return Buffer.from(text.replace(from, to), 'latin1');
};

describe.each([
  ['rsa-sha256', rsa],
  ['ed25519-sha256', ed25519],
])('a mail signed with %s', (algorithm, { privateKey, publicKey }) => {
  const sign = createDkimSigner({ ...domain, privateKey: pemOf(privateKey) });
  const signed = sign(mail);

  it('is accepted by a verifier, and is the same mail except for one header in front', () => {
    const { body, signature, tags } = check(signed, publicKey);
    expect({ body, signature }).toEqual({ body: true, signature: true });
    expect(tags).toMatchObject({ v: '1', a: algorithm, c: 'relaxed/relaxed', d: 'example.test', s: 'spring2026' });
    expect(signed.subarray(signed.length - mail.length).equals(mail)).toBe(true);
    const header = signed.subarray(0, signed.length - mail.length).toString();
    expect(header.endsWith('\r\n')).toBe(true);
    expect(Math.max(...header.split('\r\n').map((line) => line.length))).toBeLessThan(80);
  });

  it('names both unsubscribe headers, and From twice', () => {
    const { tags } = check(signed, publicKey);
    const named = (tags['h'] ?? '').split(':');
    expect(named).toEqual(
      expect.arrayContaining([
        'to',
        'subject',
        'date',
        'message-id',
        'reply-to',
        'mime-version',
        'content-type',
        'list-unsubscribe',
        'list-unsubscribe-post',
      ]),
    );
    expect(named.filter((name) => name === 'from')).toHaveLength(2);
  });

  it('is still accepted if white space changed on the way', () => {
    const refolded = edit(edit(signed, 'Reply-To: <', 'REPLY-TO:\t <'), 'multipart/alternative; ', 'multipart/alternative;\r\n   ');
    expect(check(edit(refolded, '<p>Hallo  Ada</p>', '<p>Hallo Ada</p> '), publicKey)).toMatchObject({ body: true, signature: true });
    expect(check(Buffer.concat([signed, Buffer.from('\r\n\r\n')]), publicKey)).toMatchObject({ body: true, signature: true });
  });

  it.each([
    ['the text', 'Hallo  Ada', 'Hallo Eve', { body: false }],
    ['the sender', 'offers@example.test', 'offers@evil.test', { signature: false }],
    ['a second From, in front', 'From: ', 'From: <eve@evil.test>\r\nFrom: ', { signature: false }],
    ['where to unsubscribe', 'perennial.test/u/1', 'evil.test/u/1', { signature: false }],
    ['the one-click header', 'List-Unsubscribe=One-Click', 'List-Unsubscribe=Two-Clicks', { signature: false }],
  ])('is not accepted if somebody changed %s', (_, from, to, expected) => {
    expect(check(edit(signed, from, to), publicKey)).toMatchObject(expected);
  });
});

describe('a DKIM key', () => {
  it('may be in a file, or on one line', () => {
    const dir = mkdtempSync(join(tmpdir(), 'dkim-'));
    const file = join(dir, 'key.pem');
    writeFileSync(file, pemOf(ed25519.privateKey));
    const signed = createDkimSigner({ ...domain, privateKey: file })(mail);
    rmSync(dir, { recursive: true });
    expect(check(signed, ed25519.publicKey).signature).toBe(true);
    const oneLine = pemOf(rsa.privateKey).replaceAll('\n', '\\n');
    expect(check(createDkimSigner({ ...domain, privateKey: oneLine })(mail), rsa.publicKey).signature).toBe(true);
  });

  it('of another kind, or without a key, is refused before any mail is sent', () => {
    const other = pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    expect(() => createDkimSigner({ ...domain, privateKey: other })).toThrow('must be Ed25519, or RSA');
    expect(() => createDkimSigner({ ...domain, privateKey: '/nowhere/key.pem' })).toThrow('neither a private key');
    expect(() =>
      createDkimSigner({
        ...domain,
        privateKey: createPublicKey(rsa.publicKey.export({ type: 'spki', format: 'pem' }))
          .export({ type: 'spki', format: 'pem' })
          .toString(),
      }),
    ).toThrow('neither');
  });

  it('canonicalises an empty body to no bytes, as RFC 6376 says', () => {
    const signed = createDkimSigner({ ...domain, privateKey: pemOf(ed25519.privateKey) })(Buffer.from('From: <a@example.test>\r\n\r\n'));
    expect(check(signed, ed25519.publicKey)).toMatchObject({ body: true, signature: true });
    expect(signed.toString()).toContain('bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
  });
});
