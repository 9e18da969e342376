import { Readable } from 'node:stream';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { makeCampaign, makeEnrolment, makeMessage, testSecret as secret } from '../../../test/harness/factories.js';
import { claim } from '../../messaging/ledger/claim.js';
import { markSubmitting } from '../../messaging/ledger/ledger.js';
import { query } from '../../persistence/sql.js';
import { newId } from '../../platform/ids.js';
import { hashAddress } from '../../channels/address/hash-address.js';
import { optIn, optOut } from '../../consent/opt-out.js';
import type { Channel } from '../../channels/table.js';
import { ContactPoint } from '../../customers/contact-point.entity.js';
import { Customer } from '../../customers/customer.entity.js';
import { makeUpMissing } from '../generator/make-up-missing.js';
import { recordConsent } from '../../consent/record-consent.js';
import { importCustomers } from './import-customers.js';
import { parseMapping } from './mapping.js';

const on = (day: number): Date => new Date(Date.UTC(2026, 2, day, 12));
const head = `
import: people
currency: EUR
locale: en
customer:
  external_id: { column: id }
  monthly_charge: { column: charge, type: money }
  tenure: { column: months, type: integer }
contact_points: { email: { column: mail }, phone: { column: mobile, default_country: GB } }
`;
const said = "values: { 'yes': granted, 'no': withdrawn }";
const undated = parseMapping(
  `${head}consents: { wording_version: '7', email: { column: news, ${said} }, sms: { column: texts, ${said} } }`,
);
const dated = parseMapping(`${head}consents: { wording_version: '7', sms: { column: texts, ${said}, given_at: { column: since } } }`);

let database: TestDatabase;
const em = () => database.orm.em.fork();
/** Rows of id, mail, mobile, news, texts. */
const bring = (rows: readonly string[], now: Date) =>
  importCustomers(em(), {
    stream: Readable.from([['id,mail,mobile,news,texts,charge,months', ...rows.map((row) => `${row},10,1`)].join('\n')]),
    mapping: undated,
    secret,
    now,
  });
/** Rows of id, mobile, texts, since. */
const bringDated = (rows: readonly string[], now: Date) =>
  importCustomers(em(), {
    stream: Readable.from([['id,mobile,texts,since,mail,charge,months', ...rows.map((row) => `${row},,10,1`)].join('\n')]),
    mapping: dated,
    secret,
    now,
  });

interface Books {
  readonly customers: readonly object[];
  readonly points: readonly {
    readonly channel: Channel;
    readonly address: string;
    readonly address_hash: string;
    readonly dead_at: Date | null;
  }[];
  readonly consents: readonly object[];
}

/** Everything that is stored about the customers with this beginning of the id; consents in order. */
async function booksOf(id: string): Promise<Books> {
  const of = `join customer on customer.id = customer_id where external_id like $1 || '%' order by external_id`;
  return {
    customers: await query(em(), `select * from customer where external_id like $1 || '%' order by external_id`, [id]),
    points: await query(em(), `select contact_point.* from contact_point ${of}, channel`, [id]),
    consents: await query(em(), `select consent_event.* from consent_event ${of}, at, consent_event.id`, [id]),
  };
}

const idOf = async (externalId: string): Promise<string> => (await em().findOneOrFail(Customer, { externalId })).id;
const textsStop = (number: string, now: Date): Promise<void> =>
  em().transactional((tx) =>
    optOut(tx, [{ channel: 'sms', addressHash: hashAddress(secret, 'sms', number) }], { source: 'sms-stop', answered: null }, now),
  );
const suppressed = (number: string) =>
  query(em(), `select reason from suppression where channel = 'sms' and address_hash = $1`, [hashAddress(secret, 'sms', number)]);

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

describe('the import of addresses and consents', () => {
  it('imports both, and changes nothing the second time', async () => {
    const rows = ['new-1,ann@example.com,07700 900101,yes,no', 'new-2,bob@example.com,,,', 'new-3,,+1 212 555 0103,yes,yes'];
    const first = await bring(rows, on(1));
    expect(first).toMatchObject({ created: 3, rejected: [] });
    expect(first.contacts).toEqual({
      addressesAdded: 4,
      addressesChanged: 0,
      consentsGranted: 2,
      consentsWithdrawn: 1,
      grantsBlocked: 0,
      grantsPassedOver: 0,
    });
    const books = await booksOf('new-');
    expect(books.points).toMatchObject([
      { channel: 'email', address: 'ann@example.com', address_hash: hashAddress(secret, 'email', 'ann@example.com'), dead_at: null },
      { channel: 'sms', address: '+447700900101' },
      { channel: 'email', address: 'bob@example.com' },
      { channel: 'sms', address: '+12125550103', address_hash: hashAddress(secret, 'sms', '+12125550103') },
    ]);
    // The third customer consents to e-mail without an address to consent for.
    expect(books.consents).toHaveLength(3);
    expect(books.consents[0]).toMatchObject({
      channel: 'email',
      purpose: 'marketing',
      address_hash: hashAddress(secret, 'email', 'ann@example.com'),
      granted: true,
      source: 'import',
      wording_version: '7',
      at: on(1),
      actor: 'system',
    });
    expect(books.consents.slice(1)).toMatchObject([
      { channel: 'sms', granted: false },
      { channel: 'sms', granted: true },
    ]);
    const second = await bring(rows, on(2));
    expect(second).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
    expect(second.contacts).toEqual({
      addressesAdded: 0,
      addressesChanged: 0,
      consentsGranted: 0,
      consentsWithdrawn: 0,
      grantsBlocked: 0,
      grantsPassedOver: 0,
    });
    expect(await booksOf('new-')).toEqual(books);
  });

  it('counts consents that cannot be used: for a suppressed or dead address, and after an objection', async () => {
    const blocked = ['blocked-1,erased@example.com,,yes,', 'blocked-2,,07700 900191,,yes', 'blocked-3,objects@example.com,,yes,'];
    await bring(
      blocked.map((row) => row.replace('yes', '')),
      on(1),
    );
    await query(em(), `update customer set objected_at = $1 where external_id = 'blocked-3'`, [on(1)]);
    await query(em(), `update contact_point set dead_at = $1 where address = '+447700900191'`, [on(1)]);
    await query(em(), `insert into suppression (id, channel, address_hash, reason, at) values ($1, 'email', $2, 'erasure', $3)`, [
      newId(),
      hashAddress(secret, 'email', 'erased@example.com'),
      on(1),
    ]);
    const { contacts } = await bring([...blocked, 'blocked-4,free@example.com,,yes,'], on(2));
    expect(contacts).toMatchObject({ consentsGranted: 4, grantsBlocked: 3 });
  });

  it('reports bad addresses by line and writes nothing of their rows', async () => {
    const report = await bring(
      [
        'bad-1,ann@example,07700 900111,yes,yes',
        'bad-2,bob@example.com,12,yes,yes',
        'bad-3,cy@example.com,07700 900113,sure,yes',
        'bad-4,di@example.com,,yes,',
      ],
      on(1),
    );
    expect(report).toMatchObject({ read: 4, created: 1, contacts: { addressesAdded: 1, consentsGranted: 1 } });
    expect(report.rejected).toEqual([
      { line: 2, reason: 'mail: is not an e-mail address' },
      { line: 3, reason: 'mobile: is not a phone number' },
      { line: 4, reason: 'news: "sure" is not one of "yes", "no"' },
    ]);
    expect((await booksOf('bad-')).customers).toMatchObject([{ external_id: 'bad-4' }]);
  });

  it('refuses consent that is dated in the future, which would win over a STOP', async () => {
    const report = await bringDated(['future-1,07700 900121,yes,2026-03-09'], on(8));
    expect(report).toMatchObject({ created: 0, rejected: [{ line: 2, reason: 'since: lies in the future' }] });
  });

  it('is not begun without the secret', async () => {
    const act = importCustomers(em(), { stream: Readable.from(['id']), mapping: undated, now: on(1) });
    await expect(act).rejects.toMatchObject({ kind: 'invalid', title: expect.stringContaining('secret') as string });
  });

  it('replaces an address by another, which is not dead and has only the consent of its own row', async () => {
    await bring(['move-1,old@example.com,,yes,', 'move-2,same@example.com,,yes,', 'move-3,kept@example.com,,yes,'], on(1));
    await query(em(), `update contact_point set dead_at = $1 where address in ('old@example.com', 'same@example.com')`, [on(2)]);
    const report = await bring(['move-1,new@example.com,,,', 'move-2,Same@Example.com,,yes,', 'move-3,,,,'], on(3));
    expect(report.contacts).toMatchObject({ addressesAdded: 0, addressesChanged: 2, consentsGranted: 0 });
    const { points, consents } = await booksOf('move-');
    expect(points).toMatchObject([
      { address: 'new@example.com', address_hash: hashAddress(secret, 'email', 'new@example.com'), dead_at: null },
      { address: 'Same@Example.com', dead_at: on(2) },
      { address: 'kept@example.com' },
    ]);
    expect(consents).toHaveLength(3);
    expect((await bring(['move-1,new@example.com,,yes,'], on(4))).contacts).toMatchObject({ addressesChanged: 0, consentsGranted: 1 });
  });

  it('keeps a STOP: the number stays suppressed, the consent withdrawn', async () => {
    const rows = ['stop-1,,07700 900131,,yes'];
    await bring(rows, on(1));
    await textsStop('+447700900131', on(2));
    const books = await booksOf('stop-');
    expect((await bring(rows, on(3))).contacts).toMatchObject({ consentsGranted: 0, grantsPassedOver: 1 });
    expect(await booksOf('stop-')).toEqual(books);
    expect(await suppressed('+447700900131')).toEqual([{ reason: 'opt-out' }]);
  });

  it('ignores consent from before the STOP, and grants later consent; the address stays suppressed', async () => {
    await bringDated(['date-1,07700 900141,yes,2026-03-01'], on(1));
    await textsStop('+447700900141', on(5));
    expect((await bringDated(['date-1,07700 900141,yes,2026-03-05'], on(7))).contacts).toMatchObject({
      consentsGranted: 0,
      grantsPassedOver: 1,
    });
    expect((await bringDated(['date-1,07700 900141,yes,'], on(7))).contacts).toMatchObject({ consentsGranted: 0, grantsPassedOver: 1 });
    const again = ['date-1,07700 900141,yes,2026-03-06T09:00:00Z'];
    expect((await bringDated(again, on(7))).contacts).toMatchObject({ consentsGranted: 1, grantsPassedOver: 0 });
    expect((await bringDated(again, on(8))).contacts).toMatchObject({ consentsGranted: 0, grantsPassedOver: 0 });
    expect((await booksOf('date-')).consents).toMatchObject([
      { granted: true, at: new Date('2026-03-01T00:00:00Z') },
      { granted: false, source: 'sms-stop' },
      { granted: true, source: 'import', at: new Date('2026-03-06T09:00:00Z') },
    ]);
    expect(await suppressed('+447700900141')).toEqual([{ reason: 'opt-out' }]);
  });

  it('does not carry an old grant over to a new number after a STOP', async () => {
    await bring(['carry-1,,07700 900151,,yes'], on(1));
    await textsStop('+447700900151', on(2));
    expect((await bring(['carry-1,,07700 900152,,yes'], on(3))).contacts).toMatchObject({ addressesChanged: 1, grantsPassedOver: 1 });
    expect((await bringDated(['carry-1,07700 900152,yes,2026-03-01'], on(4))).contacts).toMatchObject({ grantsPassedOver: 1 });
    expect((await bringDated(['carry-1,07700 900152,yes,2026-03-03'], on(4))).contacts).toMatchObject({ consentsGranted: 1 });
  });

  it('remembers the STOP of a number that the customer uses again', async () => {
    await bring(['return-1,,07700 900155,,yes'], on(1));
    await textsStop('+447700900155', on(2));
    expect((await bringDated(['return-1,07700 900156,yes,2026-03-03'], on(4))).contacts).toMatchObject({ consentsGranted: 1 });
    expect((await bring(['return-1,,07700 900155,,yes'], on(5))).contacts).toMatchObject({ consentsGranted: 0, grantsPassedOver: 1 });
  });

  it('lets a file correct earlier files', async () => {
    await bring(['fix-1,ann@example.com,,no,'], on(1));
    expect((await bring(['fix-1,ann@example.com,,yes,'], on(2))).contacts).toMatchObject({ consentsGranted: 1 });
    expect((await bring(['fix-1,ann@example.com,,no,'], on(3))).contacts).toMatchObject({ consentsWithdrawn: 1 });
    expect((await booksOf('fix-')).consents).toMatchObject([{ granted: false }, { granted: true }, { granted: false }]);
  });

  it('accepts a withdrawal even if an import dated the grant later, but not one from before the customer granted again', async () => {
    await bring(['back-1,,07700 900161,,yes', 'back-2,,07700 900162,,yes'], on(5));
    await textsStop('+447700900162', on(6));
    await em().transactional((tx) =>
      optIn(tx, { channel: 'sms', addressHash: hashAddress(secret, 'sms', '+447700900162') }, 'sms-start', on(7)),
    );
    const rows = ['back-1,07700 900161,no,2026-03-04', 'back-2,07700 900162,no,2026-03-04'];
    expect((await bringDated(rows, on(8))).contacts).toMatchObject({ consentsWithdrawn: 1 });
    const { consents } = await booksOf('back-');
    expect(consents.filter((event) => 'source' in event && event.source === 'import')).toHaveLength(3);
    expect(consents.slice(0, 2)).toMatchObject([{ granted: true }, { granted: false, at: on(8) }]);
    expect(consents.at(-1)).toMatchObject({ granted: true, source: 'sms-start' });
    expect((await bringDated(rows, on(9))).contacts).toMatchObject({ consentsWithdrawn: 0 });
  });

  it('accepts a withdrawal from a row without the address, for the stored address', async () => {
    await bring(['bare-1,ann@example.com,,yes,'], on(1));
    expect((await bring(['bare-1,,,no,'], on(2))).contacts).toMatchObject({ consentsWithdrawn: 1 });
    expect((await bring(['bare-1,,,yes,'], on(3))).contacts).toMatchObject({ consentsGranted: 0, grantsPassedOver: 0 });
  });

  it.each([
    ['a cell that cannot be read', 'lost-1,ann@,,no,', '1'],
    ['another word that nobody knows', 'lost-2,ann@example.com,,no,perhaps', '1'],
    ['a number that is none', 'lost-3,ann@example.com,12,no,', '1'],
    ['a tenure that is none', 'lost-4,ann@example.com,,no,', 'many'],
  ])('takes a withdrawal from a row that is passed over for %s', async (_, row, months) => {
    const id = row.slice(0, 6);
    await bring([`${id},ann@example.com,,yes,`], on(1));
    const file = ['id,mail,mobile,news,texts,charge,months', `${row},10,${months}`].join('\n');
    const report = await importCustomers(em(), { stream: Readable.from([file]), mapping: undated, secret, now: on(2) });
    expect(report).toMatchObject({ updated: 0, contacts: { consentsWithdrawn: 1 }, rejected: [{ line: 2 }] });
    expect((await booksOf(id)).consents).toMatchObject([{ granted: true }, { granted: false, at: on(2) }]);
  });

  it('accepts a withdrawal from a second row of the same customer, and one that is dated in the future as of now', async () => {
    await bring(['twice-1,ann@example.com,07700 900201,yes,yes'], on(1));
    const report = await bring(['twice-1,ann@example.com,,yes,', 'twice-1,ann@example.com,,no,'], on(2));
    expect(report).toMatchObject({ contacts: { consentsWithdrawn: 1 }, rejected: [{ line: 3, reason: 'is the same customer as line 2' }] });
    expect((await bringDated(['twice-1,07700 900201,no,2027-01-01'], on(3))).contacts).toMatchObject({ consentsWithdrawn: 1 });
    expect((await booksOf('twice-')).consents.slice(2)).toMatchObject([
      { channel: 'email', granted: false, at: on(2) },
      { channel: 'sms', granted: false, at: on(3) },
    ]);
  });

  it('accepts a withdrawal from a row without an id, for everybody who has the address', async () => {
    await bring(['anon-1,Shared@example.com,,yes,', 'anon-2,shared@EXAMPLE.com,,yes,'], on(1));
    const report = await bring([',shared@example.com,,no,'], on(2));
    expect(report).toMatchObject({ contacts: { consentsWithdrawn: 2 }, rejected: [{ line: 2, reason: 'id: is blank' }] });
  });

  it.each(['same-1', ' same-1', 'same\u200B-1', '\uFEFFsame-1', '"same-1\u00A0"'])('knows a customer again by %j', async (id) => {
    await bring(['same-1,ann@example.com,,yes,'], on(1));
    expect(await bring([`${id},ann@example.com,,no,`], on(2))).toMatchObject({ created: 0, contacts: { consentsWithdrawn: 1 } });
    await bring(['same-1,ann@example.com,,yes,'], on(3));
  });

  it.each([
    ['Mexico', '+525512345678', '+52 1 55 1234 5678'],
    ['Argentina', '+541123456789', '+5491123456789'],
    ['Brazil', '+551187654321', '+5511987654321'],
  ])('remembers a STOP of the same line spelled otherwise: %s', async (country, stored, again) => {
    await bring([`line-${country},,${stored},,yes`], on(1));
    await textsStop(again, on(2));
    expect(await suppressed(stored)).toEqual([{ reason: 'opt-out' }]);
    expect((await bring([`line-${country},,${again},,yes`], on(3))).contacts).toMatchObject({ addressesChanged: 1, consentsGranted: 0 });
    const { points, consents } = await booksOf(`line-${country}`);
    expect(points).toMatchObject([{ address: again.replaceAll(' ', '') }]);
    expect(consents).toMatchObject([{ granted: true }, { granted: false }]);
  });

  it('ignores a grant if the api has recorded a withdrawal', async () => {
    await bring(['api-1,ann@example.com,,yes,'], on(1));
    const withdrawal = { channel: 'email', purpose: 'marketing', granted: false, wordingVersion: '7', source: 'api' } as const;
    const id = await idOf('api-1');
    await em().transactional((tx) => recordConsent(tx, id, withdrawal, 'api-key:1', on(2)));
    expect((await bring(['api-1,ann@example.com,,yes,'], on(3))).contacts).toMatchObject({ consentsGranted: 0, grantsPassedOver: 1 });
  });

  it.each([
    ['consent is withdrawn', 'take-1,ann@example.com,,no,'],
    ['the address is another', 'take-2,other@example.com,,,'],
  ])('keeps a message from being sent that is already claimed when %s', async (_, row) => {
    const externalId = row.slice(0, 6);
    await bring([`${externalId},ann@example.com,,yes,`], on(1));
    const enrolment = await makeEnrolment(em(), await makeCampaign(em()), await idOf(externalId));
    const point = await em().findOneOrFail(ContactPoint, { customer: enrolment.customer });
    const { id } = await makeMessage(em(), enrolment, point, { notBefore: on(1), sendBefore: on(9) });
    const claimed = await em().transactional((tx) => claim(tx, 'email', 10, 60_000, on(2)));
    expect(claimed).toMatchObject([{ id }]);
    await bring([row], on(2));
    expect(await markSubmitting(em(), claimed, 60_000, on(2))).toEqual(new Set());
    expect(await em().transactional((tx) => claim(tx, 'email', 10, 60_000, on(2)))).toEqual([]);
    expect(await query(em(), 'select state from message where id = $1', [id])).toEqual([{ state: 'withdrawn' }]);
  });

  it('marks addresses as made up until the file has given one for each channel', async () => {
    const bare = parseMapping(head.replace(/contact_points.*\n/, ''));
    await importCustomers(em(), { stream: Readable.from(['id,charge,months\nmade-1,10,1\n']), mapping: bare, now: on(1) });
    await makeUpMissing(em(), { seed: 'a', secret, now: on(1) });
    expect((await booksOf('made-')).points).toHaveLength(2);
    const made = async () => (await em().findOneOrFail(Customer, { externalId: 'made-1' })).made;
    await bring(['made-1,ann@example.com,,,'], on(2));
    expect(await made()).toContain('contact_points');
    await bring(['made-1,ann@example.com,07700 900171,,'], on(3));
    expect(await made()).not.toContain('contact_points');
    expect(await made()).toContain('name');
  });
});
