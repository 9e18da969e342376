import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeMessage, testNow } from '../../../test/harness/factories.js';
import type { Purpose } from '../../channels/purpose.js';
import type { Channel } from '../../channels/table.js';
import type { ContactPoint } from '../../customers/contact-point.entity.js';
import { query } from '../../persistence/sql.js';
import type { MessageState } from '../ledger/message.entity.js';
import { takeBackPlanned } from './take-back.js';
import { signalsTo } from '../../../test/harness/signals.js';

describe('messages that were planned before an opt-out', () => {
  let database: TestDatabase;
  let em: EntityManager;
  let customerId: string;
  let points: ReadonlyMap<Channel, ContactPoint>;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    em = database.orm.em.fork();
    customerId = (await makeCustomer(em)).id;
    points = new Map([
      ['email', await makeContactPoint(em, customerId, 'email')],
      ['sms', await makeContactPoint(em, customerId, 'sms')],
    ]);
  });

  /** A message in its own journey. @returns the journey's enrolment */
  async function planned(channel: Channel, purpose: Purpose, state: MessageState = 'planned'): Promise<string> {
    const enrolment = await makeEnrolment(em, await makeCampaign(em), customerId);
    const point = points.get(channel);
    if (point === undefined) throw new Error('not reachable there');
    await makeMessage(em, enrolment, point, { purpose, state });
    return enrolment.id;
  }
  const takeBack = (channel: Channel, purposes: readonly Purpose[], except: string | null = null): Promise<number> =>
    em.transactional((tx) =>
      takeBackPlanned(
        tx,
        purposes.map((purpose) => ({ customerId, channel, purpose })),
        except,
        testNow,
      ),
    );
  /** The state of its message, and how often the journey is notified of the failure. */
  async function standing(enrolmentId: string): Promise<readonly unknown[]> {
    const [message] = await query<{ state: string }>(em, 'select state from message where enrolment_id = $1', [enrolmentId]);
    const failures = (await signalsTo(em, enrolmentId)).filter(({ kind }) => kind === 'message-failed');
    return [message?.state, failures.length];
  }

  it('are withdrawn, claimed or not, and each journey is notified once; a message that is being submitted is not changed', async () => {
    const [waits, claimed, under] = [
      await planned('email', 'marketing'),
      await planned('email', 'marketing', 'claimed'),
      await planned('email', 'marketing', 'submitting'),
    ];
    expect(await takeBack('email', ['marketing'])).toBe(2);
    expect(await takeBack('email', ['marketing'])).toBe(0);
    expect(await Promise.all([waits, claimed, under].map(standing))).toEqual([
      ['withdrawn', 1],
      ['withdrawn', 1],
      ['submitting', 0],
    ]);
  });

  it('are only those of that channel and those purposes, and no other journey is notified', async () => {
    const [offer, bill, text] = [await planned('email', 'marketing'), await planned('email', 'service'), await planned('sms', 'marketing')];
    await takeBack('email', ['marketing']);
    expect(await Promise.all([offer, bill, text].map(standing))).toEqual([
      ['withdrawn', 1],
      ['planned', 0],
      ['planned', 0],
    ]);
    await takeBack('email', ['marketing', 'service']);
    expect(await Promise.all([offer, bill, text].map(standing))).toEqual([
      ['withdrawn', 1],
      ['withdrawn', 1],
      ['planned', 0],
    ]);
  });

  it('are withdrawn without a second signal for the journey that is notified in another way', async () => {
    const [answered, other] = [await planned('sms', 'marketing'), await planned('sms', 'service')];
    await takeBack('sms', ['marketing', 'service'], answered);
    expect(await Promise.all([answered, other].map(standing))).toEqual([
      ['withdrawn', 0],
      ['withdrawn', 1],
    ]);
  });
});
