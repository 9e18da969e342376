import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { isValidPhoneNumber } from 'libphonenumber-js';
import { z } from 'zod';
import { makeCustomer } from './made-customer.js';
import { numberAt, numberCount, places } from './places.js';

const free = (): boolean => true;

describe('a made-up customer', () => {
  it('is the same for the same seed and external id', () => {
    expect(makeCustomer('1', 'telco-7', free)).toEqual(makeCustomer('1', 'telco-7', free));
    expect(makeCustomer('1', 'telco-7', free)).not.toEqual(makeCustomer('2', 'telco-7', free));
  });

  it('has a valid address for every external id', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20 }), (externalId) => {
        const { email, timeZone, phone } = makeCustomer('1', externalId, free);
        return (
          z.email().safeParse(email).success &&
          email.endsWith('@customers.example') &&
          IANAZone.isValidZone(timeZone) &&
          (phone === null || isValidPhoneNumber(phone))
        );
      }),
    );
  });

  it('never shares a telephone number, and has none if all are taken', () => {
    const taken = new Set<string>();
    for (let index = 0; index < 5000; index++) {
      const { phone } = makeCustomer('1', `c-${index}`, (number) => !taken.has(number));
      if (phone === null) continue;
      expect(taken.has(phone)).toBe(false);
      taken.add(phone);
    }
    expect(makeCustomer('1', 'c-1', () => false)).toMatchObject({
      phone: null,
      preferredChannel: expect.not.stringMatching('sms') as unknown,
    });
  });

  it('consents about as often as people do, only on channels they have', () => {
    const people = Array.from({ length: 4000 }, (_, index) => makeCustomer('1', `c-${index}`, free));
    const share = (test: (person: (typeof people)[number]) => boolean): number => people.filter(test).length / people.length;
    expect(share((person) => person.consents.includes('email'))).toBeCloseTo(0.92, 1);
    expect(share((person) => person.consents.includes('sms'))).toBeCloseTo(0.72, 1);
    expect(share((person) => person.phone === null)).toBeCloseTo(0.04, 1);
    expect(people.some((person) => person.phone === null && person.consents.includes('sms'))).toBe(false);
    expect(new Set(people.map((person) => person.timeZone)).size).toBeGreaterThan(8);
  });
});

describe('numbers for fiction', () => {
  it('are valid, and different within a place, from the first to the last', () => {
    for (const place of places) {
      const count = numberCount(place);
      expect(new Set(Array.from({ length: count }, (_, index) => numberAt(place, index))).size).toBe(count);
      for (let index = 0; index < count; index += 37)
        expect({ number: numberAt(place, index), ok: isValidPhoneNumber(numberAt(place, index)) }).toMatchObject({ ok: true });
      expect(() => numberAt(place, count)).toThrow(RangeError);
    }
  });
});
