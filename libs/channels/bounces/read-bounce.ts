import { plainText } from '../../platform/wording.js';
import { bounceWords, type FailureKind } from './bounce-words.js';
import { readDeliveryStatus, type RecipientStatus } from './delivery-status.js';
import { explanationIn } from './explanation.js';
import { codeIn, judgeFailure, type Failure } from './failure.js';
import { ofRecipient } from './of-recipient.js';

/** What happened to one of our mails. */
export type DeliveryOutcome =
  | { readonly status: 'delivered' }
  /** It was passed to a system that sends no reports. */
  | { readonly status: 'accepted' }
  | ({ readonly status: 'bounced' } & Failure)
  /** The provider accepted it and then did not send it: its `code` is the provider's own reason. */
  | { readonly status: 'rejected'; readonly code: string }
  /** Still in transit: nothing is decided, but it was certainly sent. */
  | { readonly status: 'delayed' };

/** A mail that may report the delivery of another mail. */
export interface SuspectedBounce {
  /** Headers by lower-case name, with the envelope's sender as `return-path`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly text: string;
  /** The machine-readable part of a delivery report, if it has one. */
  readonly deliveryStatus: string | undefined;
  /** The recipient of the reported mail, if known: text about others does not count. */
  readonly recipient?: string | undefined;
}

/**
 * What a mail reports about the delivery of another mail: by the machine-readable part of its report (RFC 3464), otherwise by words alone.
 * @param at the address where it arrived. Only programs write to a return path, so little evidence is needed there; people write to the
 *   others, and may quote an error.
 * @returns undefined if it reports nothing
 */
export function readBounce(mail: SuspectedBounce, at: 'bounce' | 'reply' | 'role'): DeliveryOutcome | undefined {
  const explanation = explanationIn(mail.text);
  const reported = readDeliveryStatus(mail.deliveryStatus ?? '');
  if (reported !== undefined) return outcomeOf(reported, explanation);
  const plain = `${plainText(mail.subject, 500)}${plainText(explanation, 16_000)}`;
  const failure = failureIn(mail.subject, explanation);
  const bounces = isBounce(mail, plain, failure, at);
  // A person can quote the fields of a report as well as an error.
  const stated = bounces || at === 'bounce' ? readDeliveryStatus(statusInText(mail.text)) : undefined;
  if (stated !== undefined) return outcomeOf(stated, explanation);
  if (!bounces) return undefined;
  const warns = bounceWords.delays(plain) !== undefined && bounceWords.givenUp(plain) === undefined;
  return warns ? { status: 'delayed' } : outcomeFor(mail.recipient, failure, explanation);
}

/** Kinds that depend on the recipient. */
const ofOne: readonly FailureKind[] = ['dead-address', 'mailbox-full', 'expired'];

/** The failure for this recipient. Failures for others only decide nothing. */
function outcomeFor(recipient: string | undefined, failure: Failure, explanation: string): DeliveryOutcome {
  if (recipient === undefined || !ofOne.includes(failure.kind)) return { status: 'bounced', ...failure };
  const words = ofRecipient(explanation, recipient);
  const own = words === explanation ? failure : judgeFailure({ words });
  return own.kind === 'other' && own.code === '5.0.0' ? { status: 'delayed' } : { status: 'bounced', ...own };
}

const outcomes: Readonly<Record<RecipientStatus['action'], (recipient: RecipientStatus, explanation: string) => DeliveryOutcome>> = {
  delivered: () => ({ status: 'delivered' }),
  relayed: () => ({ status: 'accepted' }),
  expanded: () => ({ status: 'accepted' }),
  delayed: () => ({ status: 'delayed' }),
  failed: ({ status, diagnostic = '' }, explanation) => {
    const byReport = judgeFailure({ status, words: diagnostic });
    const byText = byReport.kind === 'other' ? judgeFailure({ status, words: explanation }) : byReport;
    return { status: 'bounced', ...byText, code: byReport.code === '5.0.0' ? byText.code : byReport.code };
  },
};

function outcomeOf(recipient: RecipientStatus, explanation: string): DeliveryOutcome {
  return outcomes[recipient.action](recipient, explanation);
}

/** Some put the fields of a report into the text. */
function statusInText(text: string): string {
  const at = text.slice(0, 64_000).search(/^(?:final|original)-recipient:/im);
  return at < 0 ? '' : text.slice(at);
}

function failureIn(subject: string, explanation: string): Failure {
  const byText = judgeFailure({ words: explanation });
  return byText.kind === 'other' ? judgeFailure({ status: codeIn(undefined, explanation), words: subject }) : byText;
}

const daemons =
  /^(mailer-?daemon|mail-?daemon|post[_-]?master|mdaemon|double-bounce|bounces?|mail-?delivery|delivery|daemon|mail-?admin(istrator)?|mail-?system)@/i;
const daemonNames = /mail(er)?[ -]?(daemon|deliver|system|administrator|router)|delivery (sub)?system|postmaster|system administrator/i;

/** Whether there are enough signs that a mail system wrote this. */
function isBounce({ headers, subject }: SuspectedBounce, plain: string, failure: Failure, at: 'bounce' | 'reply' | 'role'): boolean {
  const type = headers['content-type'] ?? '';
  if (/report-type="?disposition-notification/i.test(type)) return false;
  if (headers['x-failed-recipients'] !== undefined || /report-type="?delivery-status/i.test(type)) return true;

  const from = (headers['from'] ?? '').slice(0, 300);
  const sender = daemons.test(/[^\s<>"]{1,100}@[^\s<>"]{0,100}/.exec(from)?.[0] ?? '') || daemonNames.test(from) || /^\s*$|<>/.test(from);
  const named = bounceWords.subjects(plainText(subject, 500)) !== undefined;
  const opens = bounceWords.openings(plain) !== undefined;
  const warns = bounceWords.delays(plain) !== undefined;
  const [explains, coded] = [failure.kind !== 'other', failure.code !== '5.0.0'];
  const reported = opens || warns || explains || coded;
  if (sender) return at === 'bounce' ? reported || named : reported && (named || opens || warns);
  // Automatic replies contain similar text.
  if (/auto-replied|vacation/i.test(headers['auto-submitted'] ?? '')) return false;
  if (at === 'bounce') return (reported && (named || opens)) || (explains && coded);
  return reported && named && /^\s*<?>?\s*$/.test(headers['return-path'] ?? '-');
}
