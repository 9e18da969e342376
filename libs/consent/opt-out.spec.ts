import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeMessage, testNow } from '../../test/harness/factories.js';
import { signalsTo } from '../../test/harness/signals.js';
import { recordDelivery } from '../messaging/ledger/ledger.js';
import { settle } from '../messaging/ledger/settle.js';
import { query } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { optIn, optOut, optOutAtProvider } from './opt-out.js';

/** An address of two customers: one has received a message, the other has a planned one. */
interface Shared {
  readonly address: { readonly channel: 'sms'; readonly addressHash: string };
  readonly sent: { readonly id: string; readonly providerId: string };
  readonly planned: { readonly id: string; readonly enrolmentId: string };
}

describe('an opt-out', () => {
  let database: TestDatabase;
  let em: EntityManager;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());
  beforeEach(() => {
    em = database.orm.em.fork();
  });

  async function share(): Promise<Shared> {
    const campaign = await makeCampaign(em);
    const [one, other] = [await makeCustomer(em), await makeCustomer(em)];
    const point = await makeContactPoint(em, one.id, 'sms');
    const { address, addressHash } = point;
    const same = await makeContactPoint(em, other.id, 'sms', { address, addressHash });
    const providerId = newId();
    const sent = await makeMessage(em, await makeEnrolment(em, campaign, one.id), point, {
      ...{ state: 'submitting', fence: 1, attempts: 1, submittedAt: testNow, providerId },
    });
    const enrolment = await makeEnrolment(em, campaign, other.id);
    const { id } = await makeMessage(em, enrolment, same, { purpose: 'service' });
    return { address: { channel: 'sms', addressHash }, sent: { id: sent.id, providerId }, planned: { id, enrolmentId: enrolment.id } };
  }

  const stateOf = async (id: string): Promise<unknown> =>
    (await query<{ state: string }>(em, 'select state from message where id = $1', [id]))[0]?.state;
  const code = { errorClass: 'opt-out', errorCode: '21610' } as const;

  it.each<[string, (tx: EntityManager, shared: Shared) => Promise<unknown>]>([
    ['a STOP', (tx, { address }) => optOut(tx, [address], { source: 'sms-stop', answered: null }, testNow)],
    [
      'a provider that refuses a message',
      (tx, { sent }) =>
        settle(tx, [{ id: sent.id, fence: 1, attempts: 1, result: { kind: 'rejected', ...code } }], () => 0, optOutAtProvider, testNow),
    ],
    [
      'a provider that reports it later',
      (tx, { sent: { providerId } }) =>
        recordDelivery(tx, { channels: ['sms'], providerId, messageId: null, status: 'rejected', ...code, now: testNow }, optOutAtProvider),
    ],
  ])('by %s suppresses the address, withdraws the consent of everybody who has it, and withdraws planned messages', async (_by, say) => {
    const shared = await share();
    await em.transactional((tx) => say(tx, shared));
    const { addressHash } = shared.address;
    expect(await query(em, 'select channel, reason from suppression where address_hash = $1', [addressHash])).toEqual([
      { channel: 'sms', reason: 'opt-out' },
    ]);
    expect(
      await query(
        em,
        'select count(distinct customer_id)::int as people, count(*)::int as words from consent_event where address_hash = $1 and not granted',
        [addressHash],
      ),
    ).toEqual([{ people: 2, words: 2 }]);
    expect(await stateOf(shared.planned.id)).toBe('withdrawn');
    expect(await signalsTo(em, shared.planned.enrolmentId)).toMatchObject([{ kind: 'message-failed', messageId: shared.planned.id }]);
  });

  it('can be revoked by the owner of the address, a complaint cannot', async () => {
    const [stopped, complained] = [await share(), await share()];
    const back = (shared: Shared): Promise<boolean> => em.transactional((tx) => optIn(tx, shared.address, 'sms-start', testNow));
    await em.transactional((tx) => optOut(tx, [stopped.address], { source: 'sms-stop', answered: null }, testNow));
    await em.transactional((tx) => optOut(tx, [complained.address], { source: 'complaint', answered: null, reason: 'complaint' }, testNow));
    expect([await back(stopped), await back(stopped), await back(complained)]).toEqual([true, false, false]);
  });
});
