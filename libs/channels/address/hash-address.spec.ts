import { hashAddress } from './hash-address.js';

const secret = 'a secret that is only good for tests, 32+';

describe('the hash of an address', () => {
  it('is the same for every way to write the address, so that an opt-out always holds', () => {
    const hash = hashAddress(secret, 'email', 'ada@example.test');
    for (const address of ['Ada@Example.TEST', ' ada@example.test', 'ADA@EXAMPLE.TEST\r\n']) {
      expect([address, hashAddress(secret, 'email', address)]).toEqual([address, hash]);
    }
  });

  it('is different for each channel, address and secret', () => {
    const hashes = [
      hashAddress(secret, 'sms', '+14155550100'),
      hashAddress(secret, 'whatsapp', '+14155550100'),
      hashAddress(secret, 'sms', '+14155550101'),
      hashAddress(`${secret}.`, 'sms', '+14155550100'),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
