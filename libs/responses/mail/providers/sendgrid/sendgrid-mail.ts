import { z } from 'zod';
import { Problem } from '../../../../platform/problem.js';
import type { MailAdapter, Outside } from '../inbound-adapter.js';
import { readFieldGroups } from '../../../../platform/mail-fields.js';
import { readMailForm, type MailForm } from '../inbound-form.js';
import { readMail, readParsedMail, type IncomingMail } from '../../reading/read-mail.js';
import { createSendgridVerifier } from './sendgrid-signature.js';

const envelope = z.object({ to: z.array(z.string()), from: z.string().default('') });
const charsets = z.record(z.string(), z.string());

/**
 * SendGrid's Inbound Parse webhook: a form with the whole mail (`email`, where "send raw" is on) or its parsed fields.
 * Signed with the key of the webhook's security policy.
 */
export function sendgridMail(publicKey: string, { now }: Outside): MailAdapter {
  const expectSigned = createSendgridVerifier(publicKey, 'PERENNIAL_SENDGRID_INBOUND_KEY', now);
  return async (call) => {
    expectSigned(call);
    const form = await readMailForm(call);
    const { to, from } = read(envelope, form, 'envelope');
    return { incoming: [{ kind: 'mail', sourceId: undefined, enveloped: { to, mail: await mailOf(form, from, call.body) } }] };
  };
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
