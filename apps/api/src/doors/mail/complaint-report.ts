import { readFieldGroups } from './inbound-fields.js';

/** What a mailbox provider reports that its user did with a mail of ours. */
export interface FeedbackReport {
  /** Null where the report asks for nothing: the user said that it is no spam, or it is about authentication. */
  readonly answer: 'complaint' | 'opt-out' | null;
  /** The sender in the envelope of the mail that it is about, if it is told. */
  readonly mailFrom: string | undefined;
}

/** Feedback types: RFC 5965, 7.3; `not-spam` is RFC 6430; `opt-out` is of the format's first form and still sent. */
const answers: Readonly<Record<string, 'complaint' | 'opt-out'>> = {
  abuse: 'complaint',
  fraud: 'complaint',
  virus: 'complaint',
  'opt-out': 'opt-out',
  'opt-out-list': 'opt-out',
};

/** Reads the machine's part of a feedback report (RFC 5965, section 3: one group of fields). */
export function readFeedbackReport(report: string): FeedbackReport {
  const fields = readFieldGroups(report)[0];
  const type = fields?.get('feedback-type')?.toLowerCase() ?? '';
  return {
    answer: Object.hasOwn(answers, type) ? (answers[type] ?? null) : null,
    mailFrom: addressIn(fields?.get('original-mail-from')),
  };
}

function addressIn(value: string | undefined): string | undefined {
  return /[^\s<>;,]+@[^\s<>;,]+/.exec(value?.slice(0, 500) ?? '')?.[0];
}
