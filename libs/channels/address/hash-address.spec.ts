import { hashAddress } from './hash-address.js';

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
