import { readFieldGroups } from '../../../platform/mail-fields.js';
import type { InboundAddress } from '../which-message/inbound-address.js';
import type { IncomingMail } from './read-mail.js';

/** A mailbox provider's report about what its user did with one of our mails. */
export interface Feedback {
  /** Null if the report requires nothing: the user said that it is not spam, or it is about authentication. */
  readonly answer: 'complaint' | 'opt-out' | null;
  /** The sender in the envelope of the mail that it is about, if it is given. */
  readonly mailFrom: string | undefined;
}

/** Feedback types: RFC 5965, 7.3; `not-spam` is RFC 6430; the others are of the format's first forms and still sent. */
const answers: Readonly<Record<string, 'complaint' | 'opt-out'>> = {
  abuse: 'complaint',
  fraud: 'complaint',
  virus: 'complaint',
  spam: 'complaint',
  junk: 'complaint',
  complaint: 'complaint',
  phishing: 'complaint',
  miscategorized: 'complaint',
  'opt-out': 'opt-out',
  'opt-out-list': 'opt-out',
  unsubscribe: 'opt-out',
};

/** The subjects of providers without a machine-readable part, and the spam reports that X-ARF and others put into a text. */
const subjects =
  /^\s*((re|fw|fwd):\s*)*(complaint about message from|(client )?tos notification|email (abuse|feedback) report|[\w.-]{0,40} ?(abuse|spam|junk|feedback) (report|complaint|notification)\b|spam complaint|\[spamcop|user (spam )?complaint)/i;

/**
 * The complaint in a mail: from the machine-readable part of a feedback report, or from forms without one, which return the mail that they
 * are about.
 * @param at the address where it arrived: at a reply address a subject proves nothing, because customers write there
 * @returns undefined if it is not a complaint
 */
export function readComplaint(
  { subject, headers, report }: Pick<IncomingMail, 'subject' | 'headers' | 'report'>,
  at: InboundAddress['purpose'],
): Feedback | undefined {
  if (report.feedback !== undefined) return readFeedbackReport(report.feedback);
  const machine = machinePartIn(report.traces);
  if (machine !== undefined) return readFeedbackReport(machine);
  const ofHotmail = report.returned?.has('x-hmxmroriginalrecipient') === true;
  const ofXarf = /^yes\b|^(plain|secure|bulk)\b/i.test(headers['x-arf'] ?? headers['x-xarf'] ?? '');
  const named = at !== 'reply' && subjects.test(subject.slice(0, 300));
  return ofHotmail || ofXarf || named ? { answer: 'complaint', mailFrom: addressIn(report.returned?.get('return-path')) } : undefined;
}

/** Some providers put the machine-readable part into a text. */
function machinePartIn(traces: string): string | undefined {
  const at = traces.search(/^feedback-type:[ \t]/im);
  return at < 0 ? undefined : traces.slice(at);
}

/** Reads the machine-readable part of a feedback report (RFC 5965, section 3: one group of fields). */
export function readFeedbackReport(text: string): Feedback {
  const fields = readFieldGroups(text)[0];
  const type = /^[^a-z]{0,5}([a-z]+(?:-[a-z]+)*)/i.exec(fields?.get('feedback-type')?.slice(0, 100) ?? '')?.[1]?.toLowerCase() ?? '';
  return {
    answer: Object.hasOwn(answers, type) ? (answers[type] ?? null) : null,
    mailFrom: addressIn(fields?.get('original-mail-from')),
  };
}

function addressIn(value: string | undefined): string | undefined {
  return /[^\s<>;,]+@[^\s<>;,]+/.exec(value?.slice(0, 500) ?? '')?.[0];
}
