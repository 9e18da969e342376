import { parseCookie, stringifySetCookie } from 'cookie';
import { isId } from '../../../../libs/platform/ids.js';
import { sessionMs } from '../../../../libs/access/sessions.js';
import type { Tokens } from '../../../../libs/platform/tokens.js';

const cookieName = 'perennial_session';

/**
 * The Set-Cookie value that puts a session into a browser: its id, signed, so that an invented one costs no query.
 * @param secure whether the public address is https
 */
export function sessionCookie(tokens: Tokens, sessionId: string, secure: boolean): string {
  return cookie(tokens.sign('session', sessionId), sessionMs / 1000, secure);
}

/** The Set-Cookie value that removes it from the browser. */
export function noSessionCookie(secure: boolean): string {
  return cookie('', 0, secure);
}

/** The id of the session in a Cookie header, if it was signed here. */
export function readSessionId(tokens: Tokens, header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const value = parseCookie(header)[cookieName];
  const id = value === undefined ? undefined : tokens.read('session', value);
  return id !== undefined && isId(id) ? id : undefined;
}

function cookie(value: string, maxAge: number, secure: boolean): string {
  return stringifySetCookie({ name: cookieName, value, maxAge, path: '/', httpOnly: true, sameSite: 'strict', secure });
}
