import { createTokens } from './tokens.js';

const secret = 'a secret that is only good for tests, 32+';

describe('a token', () => {
  const tokens = createTokens(secret);
  const token = tokens.sign('reply', 'a.b');

  it('is read in upper and lower case, for its own purpose only', () => {
    expect(tokens.read('reply', token)).toBe('a.b');
    expect(tokens.read('reply', `a.b.${token.slice(4).toUpperCase()}`)).toBe('a.b');
    expect(tokens.read('bounce', token)).toBeUndefined();
    expect(createTokens(`${secret}.`).read('reply', token)).toBeUndefined();
  });

  it.each(['', '.', 'a', 'a.b', 'a.b.', token.slice(0, -1), `${token}0`, token.replace('a.b', 'a.c'), token.slice(3), `é${token}`])(
    'is not %j',
    (given) => {
      expect(tokens.read('reply', given)).toBeUndefined();
    },
  );
});
