import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../../../../libs/platform/problem.js';
import { badSignature, expectFresh, type HookCall, type MakeMailAdapter } from './inbound-adapter.js';
import { readFieldGroups } from './inbound-fields.js';
import { readMailForm, type MailForm } from './inbound-form.js';
import { readMail, readParsedMail, type IncomingMail } from './read-mail.js';

/**
 * SendGrid tries a webhook again for three days, and nothing says that it signs anew. What is replayed within them is a
 * mail whose id is in the inbox already.
 */
const within = 3 * 24 * 60 * 60 * 1000;

const envelope = z.object({ to: z.array(z.string()), from: z.string().default('') });
const charsets = z.record(z.string(), z.string());

/**
 * SendGrid's Inbound Parse webhook: a form with the whole mail (`email`, where "send raw" is on) or its parsed fields.
 * Signed by ECDSA over the time stamp and the raw body, with the public key of the webhook's security policy.
 */
export const sendgrid: MakeMailAdapter = ({ inboundMail }, { now }) => {
  if (inboundMail.sendgridKey === undefined) return undefined;
  const key = readKey(inboundMail.sendgridKey);
  return async (call) => {
    expectSigned(key, call);
    expectFresh(call.headers['x-twilio-email-event-webhook-timestamp'] ?? '', within, now());
    const form = await readMailForm(call);
    const { to, from } = read(envelope, form, 'envelope');
    return { incoming: [{ kind: 'mail', sourceId: undefined, enveloped: { to, mail: await mailOf(form, from, call.body) } }] };
  };
};

/** @param text base64 of a SubjectPublicKeyInfo, as SendGrid shows it, or PEM */
function readKey(text: string): KeyObject {
  const pem = text.includes('-----BEGIN');
  const key = pem ? createPublicKey(text) : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyType !== 'ec') throw new Error('PERENNIAL_SENDGRID_INBOUND_KEY is no public key for ECDSA');
  return key;
}

function expectSigned(key: KeyObject, { body, headers }: HookCall): void {
  const signature = Buffer.from(headers['x-twilio-email-event-webhook-signature'] ?? '', 'base64');
  const signed = Buffer.concat([Buffer.from(headers['x-twilio-email-event-webhook-timestamp'] ?? ''), body]);
  if (signature.length === 0 || !verify('sha256', signed, key, signature)) throw badSignature();
}

async function mailOf(form: MailForm, from: string, body: Buffer): Promise<IncomingMail> {
  const raw = form.bytes('email');
  if (raw !== undefined) {
    return readMail(raw, from).catch(() => {
      throw new Problem('invalid', 'The mail cannot be read');
    });
  }
  const sets = form.bytes('charsets') === undefined ? {} : read(charsets, form, 'charsets');
  const field = (name: string): string | undefined => form.text(name, sets[name]);
  const headers = readFieldGroups(field('headers') ?? '')[0] ?? new Map<string, string>();
  return readParsedMail(
    { headers, subject: field('subject') ?? '', text: field('text'), html: field('html'), parts: form.parts },
    from,
    body,
  );
}

/** Reads a field that is JSON. */
function read<T>(schema: z.ZodType<T>, form: MailForm, name: string): T {
  const parsed = schema.safeParse(parseJson(form.text(name)));
  if (!parsed.success) throw new Problem('invalid', 'The form is not one that SendGrid sends', [{ where: name, what: 'is not valid' }]);
  return parsed.data;
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
