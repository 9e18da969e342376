import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeMessage, makeOffer } from '../../test/harness/factories.js';
import { query } from '../../libs/persistence/sql.js';
import type { Purpose } from '../../libs/channels/purpose.js';
import type { Channel } from '../../libs/channels/table.js';
import type { ContactPoint } from '../../libs/customers/contact-point.entity.js';
import type { Enrolment } from '../../libs/campaigns/enrolment.entity.js';
import type { EffectResult } from '../../libs/journeys/effects.js';
import { readPolicyTables } from '../../libs/messaging/contact-policy/policy-tables.js';
import { receiveResponse } from '../../libs/responses/receive.js';
import { newId } from '../../libs/platform/ids.js';
import { VersionDefinitions } from '../../libs/campaigns/versions.js';
import { openEnrolment } from '../../libs/campaigns/enrolment-progress.js';
import { loadFacts } from '../../libs/segments/load-facts.js';
import { send as sendEffect } from './send.js';

const tables = readPolicyTables(['email', 'sms']);
const hints = { hint: () => Promise.resolve(), close: () => Promise.resolve() };
const night = new Date('2026-03-02T23:00:00Z');
const morning = new Date('2026-03-03T08:00:00Z');

describe('the send effect', () => {
  let database: TestDatabase;
  let em: EntityManager;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());
  beforeEach(() => (em = database.orm.em.fork()));

  async function reachable(channel: Channel = 'sms'): Promise<{ enrolment: Enrolment; point: ContactPoint }> {
    const customer = await makeCustomer(em, { preferredChannel: channel });
    const point = await makeContactPoint(em, customer.id, channel);
    const enrolment = await makeEnrolment(em, await makeCampaign(em), customer.id);
    await makeOffer(em, enrolment);
    return { enrolment, point };
  }
  function send(enrolment: Enrolment, occurrence: number, at: Date, purpose?: Purpose): Promise<EffectResult> {
    return em.fork().transactional(async (tx) => {
      const { campaignId, customerId, versionId } = await openEnrolment(tx, enrolment.id);
      const definition = await new VersionDefinitions().of(tx, versionId);
      return sendEffect(hints, () => tables).perform(
        tx,
        {
          enrolmentId: enrolment.id,
          campaignId,
          customerId,
          definition,
          visit: null,
          way: [],
          now: at,
          begun: true,
          facts: () => loadFacts(tx, customerId, at),
        },
        { kind: 'send', step: 'offer', occurrence, template: 'save-offer', channel: 'preferred', purpose, except: [], last: null },
      );
    });
  }
  const stop = (point: ContactPoint, at: Date): Promise<unknown> =>
    receiveResponse(
      em.fork(),
      {
        source: 'twilio',
        sourceId: newId(),
        channel: point.channel,
        by: { addressHash: point.addressHash },
        said: () => ({ answer: 'opt-out', because: 'stop' }),
        text: 'STOP',
      },
      at,
    );

  it('STOP while a message waits for the end of quiet hours: nothing is planned in the morning', async () => {
    const { enrolment, point } = await reachable();
    expect(await send(enrolment, 1, night)).toEqual({ kind: 'deferred', until: morning.getTime(), reason: 'quiet-hours' });
    await stop(point, new Date('2026-03-03T01:00:00Z'));
    expect(await send(enrolment, 2, morning)).toEqual({ kind: 'blocked', reason: 'suppressed' });
    expect(await query(em, 'select id from message where enrolment_id = $1', [enrolment.id])).toEqual([]);
    expect(
      await query(em, 'select kind, reasons from decision where enrolment_id = $1 and step = $2 order by occurrence', [
        enrolment.id,
        'offer',
      ]),
    ).toEqual([
      { kind: 'defer', reasons: ['quiet-hours'] },
      { kind: 'block', reasons: ['suppressed', 'no-consent', 'offer-closed'] },
    ]);
  });

  it('STOP while a message waits for the end of quiet hours: a message that was already planned is withdrawn', async () => {
    const { enrolment, point } = await reachable();
    const other = await makeEnrolment(em, await makeCampaign(em), enrolment.customer);
    const planned = await makeMessage(em, other, point, { notBefore: morning, sendBefore: new Date('2026-03-03T19:00:00Z') });
    await stop(point, night);
    expect(await query(em, 'select state from message where id = $1', [planned.id])).toEqual([{ state: 'withdrawn' }]);
    expect(await send(enrolment, 1, morning)).toEqual({ kind: 'blocked', reason: 'suppressed' });
  });

  it.each([
    ['email', { kind: 'planned', channel: 'email' }, ['allowed', 'channel-stated', 'service']],
    ['sms', { kind: 'blocked', reason: 'suppressed' }, ['suppressed', 'service']],
  ] as const)(
    'a service message is still sent after an opt-out by e-mail, but not after a STOP by text: %s',
    async (channel, answer, reasons) => {
      const { enrolment, point } = await reachable(channel);
      await stop(point, night);
      expect(await send(enrolment, 1, morning)).toEqual({ kind: 'blocked', reason: 'suppressed' });
      expect(await send(enrolment, 2, morning, 'service')).toMatchObject(answer);
      expect(await query(em, 'select reasons from decision where enrolment_id = $1 and occurrence = 2', [enrolment.id])).toEqual([
        { reasons },
      ]);
    },
  );

  it('STOP while a message waits for the end of quiet hours: at the moment of planning, in either order nothing remains to be sent', async () => {
    for (let round = 0; round < 10; round++) {
      const { enrolment, point } = await reachable();
      await send(enrolment, 1, night);
      const [result] = await Promise.all([send(enrolment, 2, morning), stop(point, morning)]);
      expect(['planned', 'blocked']).toContain(result.kind);
      expect(await query(em, `select id from message where enrolment_id = $1 and state in ('planned', 'claimed')`, [enrolment.id])).toEqual(
        [],
      );
    }
  });
});
