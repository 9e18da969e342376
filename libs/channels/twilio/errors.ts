import { classifyError, errorClasses, type ErrorTable } from '../contract/provider-errors.js';
import type { SendResult } from '../contract/send-result.js';

/** Network errors from before a connection existed: nothing can have been sent. */
const neverConnected = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ERR_INVALID_URL'];

/**
 * How a failed call to Twilio ended. A refusal (4xx) is certain and is classified by Twilio's code. If the message may have been queued
 * (5xx, a time-out, a lost connection, a reply that makes no sense), the result is unknown.
 */
export function judgeTwilioError(errors: ErrorTable, error: unknown): SendResult {
  const { status, code } = fieldsOf(error);
  if (status !== undefined && status >= 400 && status < 500) {
    const codes = [...(code === undefined ? [] : [code]), String(status)];
    const errorClass = classifyError(errors, ...codes);
    return { kind: errorClasses[errorClass].outcome, errorClass, errorCode: codes[0] ?? String(status) };
  }
  if (status === undefined && code !== undefined && neverConnected.includes(code)) {
    return { kind: 'retry', errorClass: 'safe-retry', errorCode: code };
  }
  return { kind: 'unknown', errorClass: 'ambiguous', errorCode: code ?? (status === undefined ? 'unreadable' : String(status)) };
}

/** Twilio's RestException has a numeric status and code; a network error has only a textual code. */
function fieldsOf(error: unknown): { readonly status: number | undefined; readonly code: string | undefined } {
  if (typeof error !== 'object' || error === null) return { status: undefined, code: undefined };
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? String(error.code) : undefined;
  return { status, code };
}
