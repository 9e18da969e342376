import { createTokens, hashAddress } from './tokens.js';

const secret = 'a secret that is only good for tests, 32+';

describe('the hash of an address', () => {
  it('is the same however the address is written, so that who opted out is not written to in other letters', () => {
    const hash = hashAddress(secret, 'email', 'ada@example.test');
    for (const address of ['Ada@Example.TEST', ' ada@example.test', 'ADA@EXAMPLE.TEST\r\n']) {
      expect([address, hashAddress(secret, 'email', address)]).toEqual([address, hash]);
    }
  });

  it('is another for each channel, address and secret', () => {
    const hashes = [
      hashAddress(secret, 'sms', '+14155550100'),
      hashAddress(secret, 'whatsapp', '+14155550100'),
      hashAddress(secret, 'sms', '+14155550101'),
      hashAddress(`${secret}.`, 'sms', '+14155550100'),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('a token', () => {
  const tokens = createTokens(secret);
  const token = tokens.sign('reply', 'a.b');

  it('is read in any case of letters, for its own purpose only', () => {
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
