import { z } from 'zod';
import { Problem } from '../../../../platform/problem.js';
import type { MailAdapter, Outside } from '../inbound-adapter.js';
import type { Fields } from '../../../../platform/mail-fields.js';
import { readMailForm, type MailForm } from '../inbound-form.js';
import { expectMailgunSigned } from './mailgun-signature.js';
import { readMail, readParsedMail, type IncomingMail } from '../../reading/read-mail.js';

const headerList = z.array(z.tuple([z.string(), z.string()]));

/**
 * Mailgun's routes (`forward` to a URL): a form with the parsed mail, or with all of it (`body-mime`) where the URL ends with
 * "mime". Signed by HMAC over a time stamp and a token. As that does not cover the body, a token is good for one body only.
 */
export function mailgunMail(key: string, { now }: Outside): MailAdapter {
  return async (call) => {
    const form = await readMailForm(call);
    const [timestamp, token, signature] = ['timestamp', 'token', 'signature'].map((name) => form.text(name) ?? '') as [
      string,
      string,
      string,
    ];
    expectMailgunSigned(key, { timestamp, token, signature }, now());
    const to = (form.text('recipient') ?? '').split(',').map((address) => address.trim());
    const mail = await mailOf(form, form.text('sender') ?? '', call.body);
    return { onceOnly: token, incoming: [{ kind: 'mail', sourceId: undefined, enveloped: { to, mail } }] };
  };
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
