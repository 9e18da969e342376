import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { definition, testGraph, treatment } from '../../test/harness/definitions.js';
import { makeContactPoint, makeCustomer, testNow } from '../../test/harness/factories.js';
import type { Channel } from '../channels/table.js';
import { query } from '../persistence/sql.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import { warningsAbout } from './warnings.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
});
afterEach(() => db.close());

const em = () => db.orm.em.fork();

/** The warnings at one place of a campaign for everybody. */
async function warned(where: string, terms: readonly TreatmentDefinition[] = [], offer: object = {}): Promise<string[]> {
  const { steps } = testGraph;
  const step = steps['offer'];
  if (step === undefined) throw new Error('The journey has an offer');
  const journey = {
    ...testGraph,
    steps: { ...steps, offer: { ...step, spec: { template: 'save-offer', channel: 'preferred', ...offer } } },
  };
  const warnings = await warningsAbout(em(), definition({ goal: null, journey }), terms, {}, testNow);
  return warnings.filter((each) => each.where === where).map(({ what }) => what);
}

describe('the budget', () => {
  const uncharged = { monthlyCharge: null, currency: null } as const;
  const valued = treatment({ customerValue: '240 EUR' });

  it('counts for customers without a charge: they have no other currency', async () => {
    for (let made = 0; made < 3; made += 1) await makeCustomer(em(), uncharged);
    expect(await warned('budget', [valued])).toEqual([]);
    await makeCustomer(em(), { currency: 'USD' });
    expect(await warned('budget', [valued])).toEqual([
      '1 of 4 customers in the audience pay in another currency than EUR; this budget can offer them nothing',
    ]);
  });

  it('offers nothing to customers without a charge if no treatment states what a kept customer is worth', async () => {
    await makeCustomer(em(), uncharged);
    await makeCustomer(em());
    const expected = [
      '1 of 2 customers in the audience have no monthly charge; nothing can be offered to them until a treatment with a fixed cost says what a kept customer is worth (customerValue)',
    ];
    expect(await warned('budget', [treatment()])).toEqual(expected);
    expect(await warned('budget', [treatment({ customerValue: '240 EUR', cost: { percentOfMonthlyCharge: 10, months: 3 } })])).toEqual(
      expected,
    );
    expect(await warned('budget', [treatment({ customerValue: '240 USD' })])).toEqual(expected);
    expect(await warned('budget', [treatment(), valued])).toEqual([]);
  });
});

describe('a channel', () => {
  const suppress = async (channel: Channel, addressHash: string): Promise<unknown> =>
    query(em(), `insert into suppression (id, channel, address_hash, reason, at) values (uuidv7(), $1, $2, 'opt-out', $3)`, [
      channel,
      addressHash,
      testNow,
    ]);
  const nobody = ['0 of 1 customers in the audience have an address on it and agreed to be written to'];

  it('does not reach a customer whose address is suppressed on it, whatever other channels reach', async () => {
    const { id } = await makeCustomer(em());
    const { addressHash } = await makeContactPoint(em(), id, 'email');
    await makeContactPoint(em(), id, 'sms');
    expect(await warned('channel email', [], { channel: 'email' })).toEqual([]);
    await suppress('email', addressHash);
    expect(await warned('channel email', [], { channel: 'email' })).toEqual(nobody);
    expect(await warned('channel email', [], { channel: 'email', purpose: 'service' })).toEqual([]);
    expect(await warned('channel sms', [], { channel: 'sms' })).toEqual([]);
  });

  it('reaches nobody who objected', async () => {
    const { id } = await makeCustomer(em(), { objectedAt: testNow });
    await makeContactPoint(em(), id, 'sms');
    expect(await warned('channel sms', [], { channel: 'sms' })).toEqual(nobody);
    expect(await warned('channel sms', [], { channel: 'sms', purpose: 'service' })).toEqual([]);
  });
});

describe('what a journey requires', () => {
  it('is a score, if it chooses a treatment', async () => {
    for (let made = 0; made < 2; made += 1) await makeCustomer(em());
    expect(await warned('journey')).toEqual([
      '2 of 2 customers in the audience have no churn score, so no treatment can be chosen for them; score them first',
    ]);
  });

  it('is the customer’s location: a zone, a country, a locale with its country or a phone number', async () => {
    const nowhere = { timeZone: null, locale: 'en' } as const;
    await makeCustomer(em());
    await makeCustomer(em(), { ...nowhere, attributes: { country: 'DE' } });
    await makeCustomer(em(), { timeZone: null, locale: 'de-AT' });
    await makeContactPoint(em(), (await makeCustomer(em(), nowhere)).id, 'sms');
    expect(await warned('time zone')).toEqual([]);
    await makeContactPoint(em(), (await makeCustomer(em(), nowhere)).id, 'email');
    expect(await warned('time zone')).toEqual([
      '1 of 5 customers in the audience have no time zone, and no country or phone number to derive one from: their quiet hours are not known, so nothing is sent to them',
    ]);
  });
});
