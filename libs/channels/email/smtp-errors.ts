import { judgeFailure } from '../bounces/failure.js';
import { classifyError, errorClasses, errorsOf } from '../contract/provider-errors.js';
import type { SendResult } from '../contract/send-result.js';

const errors = errorsOf('email');

/** What nodemailer reports about a failed send. */
interface SmtpError {
  readonly code?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly response?: string | undefined;
  /** What the server refused, as in `RCPT TO`. */
  readonly command?: string | undefined;
}

/**
 * The result of a failed submission. A reply of the server to exactly this message decides. Without a reply, nodemailer's codes do not show
 * whether the message was sent (a connection lost before the greeting and one lost after the whole body look the same), but `released`
 * does.
 */
export function judgeSmtpError(error: SmtpError, ended: boolean): SendResult {
  const { code = 'unknown', responseCode, response = '', command } = error;
  if ((code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined) {
    const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})/.exec(response)?.[1];
    // The text may report a dead address if the code does not: `550 user does not exist`.
    const dead = command === 'RCPT TO' && judgeFailure({ status: enhanced, words: response }).kind === 'dead-address';
    const byCode = classifyError(errors, ...(enhanced === undefined ? [] : [enhanced]), String(responseCode));
    const errorClass = dead ? 'dead-address' : byCode;
    const kind = errorClasses[errorClass].outcome;
    return { kind, errorClass, errorCode: enhanced ?? String(responseCode) };
  }
  if (ended) return { kind: 'unknown', errorClass: 'ambiguous', errorCode: code };
  // The server closes, and asks to try again later (RFC 5321, 4.2).
  if (responseCode === 421) return { kind: 'retry', errorClass: 'slow-down', errorCode: '421' };
  // The log-in was refused. That is not about this message, so it does not count as an attempt.
  if (code === 'EAUTH')
    return {
      kind: 'retry',
      errorClass: (responseCode ?? 535) < 500 ? 'safe-retry' : 'sender-refused',
      errorCode: String(responseCode ?? code),
    };
  // Refused before any command to the server: an invalid address or size.
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { kind: 'rejected', errorClass: 'refused', errorCode: code };
  return { kind: 'retry', errorClass: 'safe-retry', errorCode: code };
}
