import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { query } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { channels, type Channel } from '../channels/table.js';
import {
  suppressedPurposes,
  restrictionsOf,
  mayWriteTo,
  mayWriteToSql,
  usesOf,
  type ContactRestriction,
  type Standing,
} from './may-write.js';
import { purposes, type Purpose } from '../channels/purpose.js';

const welcome: Standing = { channel: 'email', purpose: 'marketing', dead: false, suppression: null, objected: false, consent: true };

describe('whether an address may be written to', () => {
  it.each<[string, Partial<Standing>, readonly ContactRestriction[]]>([
    ['an offer with consent', {}, []],
    ['an offer without consent', { consent: null }, ['no-consent']],
    ['an offer after a withdrawal', { consent: false }, ['no-consent']],
    ['an offer after an objection', { objected: true }, ['objected']],
    ['an address that is dead', { dead: true }, ['dead-address']],
    ['an offer by mail after an opt-out', { suppression: 'opt-out' }, ['suppressed']],
    ['a service mail after an opt-out', { suppression: 'opt-out', purpose: 'service' }, []],
    ['a service text after an opt-out', { suppression: 'opt-out', purpose: 'service', channel: 'sms' }, ['suppressed']],
    ['a service mail after a complaint', { suppression: 'complaint', purpose: 'service' }, ['suppressed']],
    ['a service mail after an objection, without consent', { purpose: 'service', objected: true, consent: null }, []],
    ['a service mail after a withdrawal for service mails', { purpose: 'service', consent: false }, ['withdrawn']],
    [
      'several restrictions: the most serious comes first',
      { dead: true, suppression: 'erased', objected: true, consent: null },
      ['suppressed', 'dead-address', 'objected', 'no-consent'],
    ],
  ])('%s', (_what, standing, restrictions) => {
    expect(restrictionsOf({ ...welcome, ...standing })).toEqual(restrictions);
    expect(mayWriteTo({ ...welcome, ...standing })).toBe(restrictions.length === 0);
  });

  it('is decided for each purpose, and for what a suppression blocks', () => {
    expect(usesOf(welcome, { marketing: true })).toEqual(['marketing', 'service']);
    expect(usesOf(welcome, { marketing: false, service: false })).toEqual([]);
    expect(suppressedPurposes('email', null)).toEqual([]);
    expect(suppressedPurposes('email', 'opt-out')).toEqual(['marketing']);
    expect(suppressedPurposes('whatsapp', 'opt-out')).toEqual(purposes);
    expect(suppressedPurposes('email', 'dead-address')).toEqual(purposes);
  });
});

/** The consent events of an address, in the order of recording. Two events may have the same instant. */
interface Word {
  readonly channel: Channel;
  readonly purpose: Purpose;
  readonly granted: boolean;
  readonly at: number;
  /** It was given for another address of the customer. */
  readonly elsewhere: boolean;
}

interface Row {
  readonly objected: boolean;
  readonly points: readonly { readonly channel: Channel; readonly dead: boolean; readonly suppression: string | null }[];
  readonly words: readonly Word[];
}

const rows: fc.Arbitrary<Row> = fc.record({
  objected: fc.boolean(),
  points: fc.uniqueArray(
    fc.record({
      channel: fc.constantFrom(...channels),
      dead: fc.integer({ max: 9, min: 0 }).map((dice) => dice === 0),
      suppression: fc.constantFrom(null, null, null, 'opt-out', 'complaint', 'erased', 'dead-address'),
    }),
    { selector: ({ channel }) => channel, minLength: 1 },
  ),
  words: fc.array(
    fc.record({
      channel: fc.constantFrom(...channels),
      purpose: fc.constantFrom(...purposes),
      granted: fc.boolean(),
      at: fc.integer({ min: 0, max: 3 }),
      elsewhere: fc.integer({ max: 4, min: 0 }).map((dice) => dice === 0),
    }),
    { maxLength: 12 },
  ),
});

/** The latest event by instant, then by order of recording: the simplest definition of `latest`. */
function consentOf(words: readonly Word[], channel: Channel, purpose: Purpose): boolean | null {
  const about = words.filter((word) => word.channel === channel && word.purpose === purpose && !word.elsewhere);
  return about.reduce<Word | null>((last, word) => (last === null || word.at >= last.at ? word : last), null)?.granted ?? null;
}

describe('the two evaluations of the rule', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(2);
  });
  afterAll(() => database.close());

  it('give the same result for every address and purpose, for random customers', async () => {
    const em = database.orm.em.fork();
    const day = 86_400_000;
    const columns = { customer: 'c', point: 'p' };
    let allowed = 0;
    let blocked = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(rows, { minLength: 20, maxLength: 40 }), async (population) => {
        const people = population.map((row) => ({ ...row, id: newId() }));
        await insert(em, people, day);
        const answers = await query<{ customerId: string; channel: Channel; purpose: Purpose; bound: boolean; fixed: boolean }>(
          em,
          `select c.id as "customerId", p.channel, w.purpose, ${mayWriteToSql({ ...columns, purpose: 'w.purpose' })} as bound,
                  case w.purpose when 'marketing' then ${mayWriteToSql({ ...columns, purpose: `'marketing'` })}
                    else ${mayWriteToSql({ ...columns, purpose: `'service'` })} end as fixed
           from customer c join contact_point p on p.customer_id = c.id cross join unnest($2::text[]) as w (purpose)
           where c.id = any($1::uuid[])`,
          [people.map(({ id }) => id), purposes],
        );
        expect(answers).toHaveLength(people.reduce((sum, { points }) => sum + points.length * purposes.length, 0));
        for (const { customerId, channel, purpose, ...said } of answers) {
          const person = people.find(({ id }) => id === customerId);
          const point = person?.points.find((each) => each.channel === channel);
          if (person === undefined || point === undefined) throw new Error('The statement found somebody else');
          const consent = consentOf(person.words, channel, purpose);
          const may = mayWriteTo({ ...point, purpose, objected: person.objected, consent });
          expect([person, channel, purpose, said]).toEqual([person, channel, purpose, { bound: may, fixed: may }]);
          if (may) allowed += 1;
          else blocked += 1;
        }
      }),
      { numRuns: 25 },
    );
    expect([allowed > 300, blocked > 300]).toEqual([true, true]);
  });

  async function insert(em: TestDatabase['orm']['em'], people: readonly (Row & { readonly id: string })[], day: number): Promise<void> {
    const hashOf = (id: string, channel: Channel): string => `${id}-${channel}`;
    const many = (items: readonly object[]): string => JSON.stringify(items);
    await query(
      em,
      `insert into customer (id, external_id, locale, status, attributes, made, objected_at, created_at, updated_at)
       select id, id::text, 'en', 'active', '{}', '{}', case when objected then now() end, now(), now()
       from jsonb_to_recordset($1::jsonb) as r (id uuid, objected boolean)`,
      [many(people)],
    );
    const points = people.flatMap(({ id, points: own }) => own.map((point) => ({ ...point, id, hash: hashOf(id, point.channel) })));
    await query(
      em,
      `insert into contact_point (id, customer_id, channel, address, address_hash, dead_at, created_at)
       select uuidv7(), id, channel, hash, hash, case when dead then now() end, now()
       from jsonb_to_recordset($1::jsonb) as r (id uuid, channel text, hash text, dead boolean)`,
      [many(points)],
    );
    await query(
      em,
      `insert into suppression (id, channel, address_hash, reason, at)
       select uuidv7(), channel, hash, suppression, now()
       from jsonb_to_recordset($1::jsonb) as r (channel text, hash text, suppression text) where suppression is not null`,
      [many(points)],
    );
    await query(
      em,
      `insert into consent_event (id, customer_id, channel, purpose, address_hash, granted, source, wording_version, at, actor)
       select r.event, r.id, channel, purpose, hash, granted, 'api', '1', to_timestamp(at), 'customer'
       from jsonb_to_recordset($1::jsonb) as r (event uuid, id uuid, channel text, purpose text, hash text, granted boolean, at double precision)`,
      [
        many(
          people.flatMap(({ id, words }) =>
            words.map(({ elsewhere, at, ...word }) => ({
              ...word,
              id,
              event: newId(),
              at: (at * day) / 1_000,
              hash: elsewhere ? `${id}-elsewhere` : hashOf(id, word.channel),
            })),
          ),
        ),
      ],
    );
  }
});
