import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../../../../libs/platform/problem.js';
import { badSignature, expectFresh, type MakeMailAdapter } from './inbound-adapter.js';
import type { Fields } from './inbound-fields.js';
import { readMailForm, type MailForm } from './inbound-form.js';
import { readMail, readParsedMail, type IncomingMail } from './read-mail.js';

/** Mailgun tries a route again for eight hours, and nothing says that it signs anew. A token is remembered for longer. */
const within = 12 * 60 * 60 * 1000;

const headerList = z.array(z.tuple([z.string(), z.string()]));

/**
 * Mailgun's routes (`forward` to a URL): a form with the parsed mail, or with all of it (`body-mime`) where the URL ends with
 * "mime". Signed by HMAC over a time stamp and a token. As that does not cover the body, a token is good for one body only.
 */
export const mailgun: MakeMailAdapter = ({ inboundMail }, { now }) => {
  const key = inboundMail.mailgunKey;
  if (key === undefined) return undefined;
  return async (call) => {
    const form = await readMailForm(call);
    const [timestamp, token, signature] = ['timestamp', 'token', 'signature'].map((name) => form.text(name) ?? '') as [
      string,
      string,
      string,
    ];
    expectSigned(key, timestamp, token, signature);
    expectFresh(timestamp, within, now());
    const to = (form.text('recipient') ?? '').split(',').map((address) => address.trim());
    const mail = await mailOf(form, form.text('sender') ?? '', call.body);
    return { onceOnly: token, incoming: [{ kind: 'mail', sourceId: undefined, enveloped: { to, mail } }] };
  };
};

function expectSigned(key: string, timestamp: string, token: string, signature: string): void {
  // Without delimiters between them, each has to have the form that Mailgun gives it.
  const formed = /^\d{10}$/.test(timestamp) && /^[0-9a-z]{30,100}$/i.test(token) && /^[0-9a-f]{64}$/i.test(signature);
  const right = createHmac('sha256', key)
    .update(timestamp + token)
    .digest();
  if (!formed || !timingSafeEqual(right, Buffer.from(signature, 'hex'))) throw badSignature();
}

async function mailOf(form: MailForm, sender: string, body: Buffer): Promise<IncomingMail> {
  const raw = form.bytes('body-mime');
  if (raw !== undefined) {
    return readMail(raw, sender).catch(() => {
      throw new Problem('invalid', 'The mail cannot be read');
    });
  }
  const [subject = '', text, html] = ['subject', 'body-plain', 'body-html'].map((name) => form.text(name));
  return readParsedMail({ headers: headersOf(form), subject, text, html, parts: form.parts }, sender, body);
}

function headersOf(form: MailForm): Fields {
  const headers = new Map<string, string>();
  for (const [name, value] of readHeaders(form.text('message-headers'))) {
    if (!headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), value);
  }
  return headers;
}

function readHeaders(json: string | undefined): z.infer<typeof headerList> {
  try {
    return headerList.parse(JSON.parse(json ?? '[]'));
  } catch {
    throw new Problem('invalid', 'The form is not one that Mailgun sends', [{ where: 'message-headers', what: 'is not valid' }]);
  }
}
