import { newId } from '../../../../libs/platform/ids.js';
import { createTokens } from '../../../../libs/platform/tokens.js';
import { testSecret } from '../../../../test/harness/factories.js';
import { readSessionId, sessionCookie } from './session.js';

const tokens = createTokens(testSecret);
const sessionId = newId();

describe('a session cookie', () => {
  it('names its session', () => {
    const cookie = sessionCookie(tokens, sessionId, true).split(';')[0];
    expect(readSessionId(tokens, cookie)).toBe(sessionId);
  });

  it('is sent over https only, if the public address is https', () => {
    expect(sessionCookie(tokens, sessionId, true)).toContain('; Secure');
    expect(sessionCookie(tokens, sessionId, false)).not.toContain('Secure');
  });

  it('is not a token that was signed for another purpose', () => {
    const signedFor = (purpose: 'accept' | 'session') =>
      readSessionId(tokens, `perennial_session=${encodeURIComponent(tokens.sign(purpose, sessionId))}`);
    expect(signedFor('accept')).toBeUndefined();
    expect(signedFor('session')).toBe(sessionId);
  });
});
