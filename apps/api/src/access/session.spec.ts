import { newId } from '../../../../libs/platform/ids.js';
import { createTokens } from '../../../../libs/platform/tokens.js';
import { testSecret } from '../../../../test/harness/factories.js';
import { openSession, readSession } from './session.js';

const tokens = createTokens(testSecret);
const keyId = newId();
const begin = Date.parse('2026-03-02T12:00:00Z');
const hour = 3_600_000;

describe('a session cookie', () => {
  const cookie = openSession(tokens, keyId, begin, true).split(';')[0];

  it('is good for twelve hours', () => {
    expect(readSession(tokens, cookie, begin)).toEqual({ keyId });
    expect(readSession(tokens, cookie, begin + 12 * hour - 1)).toEqual({ keyId });
    expect(readSession(tokens, cookie, begin + 12 * hour)).toBeUndefined();
  });

  it('goes over https only, where the public address is https', () => {
    expect(openSession(tokens, keyId, begin, true)).toContain('; Secure');
    expect(openSession(tokens, keyId, begin, false)).not.toContain('Secure');
  });

  it('is not a token that was signed for another purpose', () => {
    const value = `${keyId}:${begin + hour}`;
    expect(readSession(tokens, `perennial_session=${encodeURIComponent(tokens.sign('accept', value))}`, begin)).toBeUndefined();
    expect(readSession(tokens, `perennial_session=${encodeURIComponent(tokens.sign('session', value))}`, begin)).toEqual({ keyId });
  });
});
