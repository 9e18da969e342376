import { parseCookie, stringifySetCookie } from 'cookie';
import { isId } from '../../../../libs/platform/ids.js';
import type { Tokens } from '../../../../libs/platform/tokens.js';

const cookieName = 'perennial_session';
const lifetimeMs = 12 * 3_600_000;

/** A session is a signed cookie that names the key it was opened with and when it ends; revoking the key ends it sooner. */
export interface Session {
  readonly keyId: string;
}

/**
 * The Set-Cookie value that opens a session.
 * @param now real time, in ms: a browser's session does not run on the campaign clock
 * @param secure whether the public address is https
 */
export function openSession(tokens: Tokens, keyId: string, now: number, secure: boolean): string {
  return sessionCookie(tokens.sign('session', `${keyId}:${String(now + lifetimeMs)}`), lifetimeMs / 1000, secure);
}

/** The Set-Cookie value that ends it in this browser. */
export function closeSession(secure: boolean): string {
  return sessionCookie('', 0, secure);
}

/** The session of a Cookie header, where it was signed here and is not over. */
export function readSession(tokens: Tokens, header: string | undefined, now: number): Session | undefined {
  if (header === undefined) return undefined;
  const cookie = parseCookie(header)[cookieName];
  const [keyId, expires] = (cookie === undefined ? undefined : tokens.read('session', cookie))?.split(':') ?? [];
  if (keyId === undefined || !isId(keyId) || !(Number(expires) > now)) return undefined;
  return { keyId };
}

function sessionCookie(value: string, maxAge: number, secure: boolean): string {
  return stringifySetCookie({ name: cookieName, value, maxAge, path: '/', httpOnly: true, sameSite: 'strict', secure });
}
