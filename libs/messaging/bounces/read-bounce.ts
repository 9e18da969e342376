import { plainText } from '../../platform/wording.js';
import { bounceWords } from './bounce-words.js';
import { readDeliveryStatus, type RecipientStatus } from './delivery-status.js';
import { explanationIn } from './explanation.js';
import { codeIn, judgeFailure, type Failure } from './failure.js';

/** What became of a mail of ours. */
export type DeliveryOutcome =
  | { readonly status: 'delivered' }
  /** It went on to where no reports come from. */
  | { readonly status: 'accepted' }
  | ({ readonly status: 'bounced' } & Failure)
  /** The provider had taken it, and then tried nobody: its `code` is the provider's own word for why. */
  | { readonly status: 'rejected'; readonly code: string }
  /** Still under way: nothing is decided, but it was surely sent. */
  | { readonly status: 'delayed' };

/** A mail that may tell of another's delivery. */
export interface SuspectedBounce {
  /** By lower-case name, and the envelope's sender as `return-path`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly text: string;
  /** The machine's part of a delivery report, where it has one. */
  readonly deliveryStatus: string | undefined;
}

/**
 * What a mail tells of another's delivery: by the machine's part of its report (RFC 3464), or else by words alone.
 * @param at where it came to. Only programs write to a return path, so little has to be seen there; a person writes to the
 *   others, and may well quote an error.
 * @returns undefined where it tells nothing
 */
export function readBounce(mail: SuspectedBounce, at: 'bounce' | 'reply' | 'role'): DeliveryOutcome | undefined {
  const explanation = explanationIn(mail.text);
  const recipient = readDeliveryStatus(mail.deliveryStatus ?? statusInText(mail.text));
  if (recipient !== undefined) return outcomeOf(recipient, explanation);
  const plain = `${plainText(mail.subject, 500)}${plainText(explanation, 16_000)}`;
  const failure = failureIn(mail.subject, explanation);
  if (!isBounce(mail, plain, failure, at)) return undefined;
  const warns = bounceWords.delays(plain) !== undefined && bounceWords.givenUp(plain) === undefined;
  return warns ? { status: 'delayed' } : { status: 'bounced', ...failure };
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
  /^(mailer-?daemon|mail-?daemon|postmaster|mdaemon|double-bounce|bounces?|mail-?delivery|delivery|daemon|mail-?admin(istrator)?|mail-?system|noreply|no-reply)@/i;
const daemonNames = /mail(er)?[ -]?(daemon|deliver|system|administrator|router)|delivery (sub)?system|postmaster|system administrator/i;

/** Are there signs enough that a mail system wrote this? */
function isBounce({ headers, subject }: SuspectedBounce, plain: string, failure: Failure, at: 'bounce' | 'reply' | 'role'): boolean {
  const from = (headers['from'] ?? '').slice(0, 300);
  const signs = {
    sender: daemons.test(/[^\s<>"]{1,100}@[^\s<>"]{0,100}/.exec(from)?.[0] ?? '') || daemonNames.test(from) || /^\s*$|<>/.test(from),
    unanswerable: /^\s*<?>?\s*$/.test(headers['return-path'] ?? '-'),
    subject: bounceWords.subjects(plainText(subject, 500)) !== undefined,
    // Programs that answer for a person write much the same.
    opening: bounceWords.openings(plain) !== undefined && !/auto-replied|vacation/i.test(headers['auto-submitted'] ?? ''),
    warning: bounceWords.delays(plain) !== undefined,
    kind: failure.kind !== 'other',
    code: failure.code !== '5.0.0',
  };
  const type = headers['content-type'] ?? '';
  if (/report-type="?disposition-notification/i.test(type)) return false;
  if (headers['x-failed-recipients'] !== undefined || /report-type="?delivery-status/i.test(type)) return true;
  const told = signs.opening || signs.kind || signs.code || signs.warning;
  if (at === 'bounce')
    return (told && (signs.sender || signs.subject || signs.opening)) || (signs.kind && signs.code) || (signs.sender && signs.subject);
  return (signs.sender && (signs.subject || signs.opening || signs.warning) && told) || (signs.unanswerable && signs.subject && told);
}
