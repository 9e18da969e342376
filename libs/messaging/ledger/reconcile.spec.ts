import { optOutAtProvider } from '../../consent/opt-out.js';
import type { EntityManager } from '@mikro-orm/postgresql';
import { accountSid, authToken } from '../../../test/harness/inbound.js';
import { startTwilioDouble, type TwilioDouble } from '../../../apps/sandbox/twilio-double.js';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import {
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  makeOffer,
  testSecret,
} from '../../../test/harness/factories.js';
import type { Channel } from '../../channels/table.js';
import { query, queryOne } from '../../persistence/sql.js';
import { createClock, realTime } from '../../platform/clock.js';
import { createLogger } from '../../platform/log.js';
import { createTokens } from '../../platform/tokens.js';
import type { LookUp, MessageChannel, SentWithoutAnswer } from '../../channels/contract/channel.js';
import { createSmsChannel } from '../../channels/sms/sms.js';
import type { Message } from './message.entity.js';
import { loadContexts, type CompanyContext } from '../contract/load-contexts.js';
import { recordDelivery } from './ledger.js';
import { provenSent, reconcile } from './reconcile.js';
import { listUnknown, settleByHand } from './reconcile-by-hand.js';
import { shippedTemplates } from '../../../test/harness/content.js';
import { signalsTo } from '../../../test/harness/signals.js';

const publicUrl = 'https://perennial.example.test';
const from = '+14155550100';
const clock = createClock(realTime);
const log = createLogger('test', 'silent');
const companyContext: CompanyContext = {
  publicUrl,
  company: { name: 'Example', address: '1 Example Street' },
  tokens: createTokens(testSecret),
  templatesAt: () => Promise.resolve(shippedTemplates),
};

let database: TestDatabase;
let double: TwilioDouble;
let sms: MessageChannel;
let em: EntityManager;
beforeAll(async () => {
  [database, double] = await Promise.all([createTestDatabase(), startTwilioDouble({ accountSid, authToken })]);
  sms = createSmsChannel({ accountSid, authToken, from, baseUrl: double.url, publicUrl, segmentPrice: 1, clock });
});
afterAll(async () => {
  await sms.close();
  await Promise.all([database.close(), double.close()]);
});
beforeEach(async () => {
  em = database.orm.em.fork();
  await query(em, `update message set state = 'withdrawn' where state = 'unknown'`);
});

const minutesAgo = (minutes: number): Date => new Date(clock.now().getTime() - minutes * 60_000);
const ask = (via: MessageChannel = sms) =>
  reconcile(em, new Map<Channel, MessageChannel>([['sms', via]]), companyContext, clock, log, optOutAtProvider);

async function unknown(channel: Channel, minutes: number, columns: Partial<Message> = {}): Promise<Message> {
  const customer = await makeCustomer(em);
  const point = await makeContactPoint(em, customer.id, channel);
  const enrolment = await makeEnrolment(em, await makeCampaign(em), customer.id);
  const offer = await makeOffer(em, enrolment);
  const submittedAt = minutesAgo(minutes);
  const sent: Partial<Message> = { state: 'unknown', attempts: 1, submittedAt, errorClass: 'ambiguous', errorCode: 'lease-expired' };
  return makeMessage(em, enrolment, point, {
    offer: offer.id,
    sendBefore: new Date(clock.now().getTime() + 86_400_000),
    ...sent,
    ...columns,
  });
}

/** Submits it to the provider as its dispatcher did before it died. */
async function hand(message: Message): Promise<void> {
  const context = (await loadContexts(em, [message.id], companyContext)).get(message.id);
  if (context === undefined) throw new Error('no such message');
  const result = await sms.send(sms.compose(context, clock.now()), () => Promise.resolve(true));
  expect(result.kind).toBe('accepted');
  await double.settled();
}

const standing = (id: string) =>
  queryOne<{ state: string; settledBy: string | null; errorCode: string | null; providerId: string | null }>(
    em,
    'select state, settled_by as "settledBy", error_code as "errorCode", provider_id as "providerId" from message where id = $1',
    [id],
  );
const failuresOf = async ({ enrolment }: Message): Promise<number> =>
  (await signalsTo(em, enrolment)).filter(({ kind }) => kind === 'message-failed').length;

/** A channel that reports the same for every message, and counts the calls. */
function saying(answer: LookUp | Error): MessageChannel & { readonly asked: SentWithoutAnswer[] } {
  const asked: SentWithoutAnswer[] = [];
  const lookUp = (sent: SentWithoutAnswer): Promise<LookUp> => {
    asked.push(sent);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { compose: () => null, send: () => Promise.resolve({ kind: 'withheld' }), lookUp, close: () => Promise.resolve(), asked };
}

describe('reconcile', () => {
  it('finds a sent message in the provider’s list, and does not notify its journey', async () => {
    const message = await unknown('sms', 1);
    await hand(message);
    expect(await ask()).toEqual({ reconciled: 1, open: 0 });
    expect(await standing(message.id)).toMatchObject({
      state: 'delivered',
      settledBy: 'lookup',
      errorCode: null,
      providerId: expect.any(String) as string,
    });
    expect(await failuresOf(message)).toBe(0);
  });

  it('accepts only after two minutes that the provider does not have it, and then notifies the journey', async () => {
    const [young, old] = [await unknown('sms', 1), await unknown('sms', 3)];
    expect(await ask()).toEqual({ reconciled: 1, open: 1 });
    expect(await standing(young.id)).toMatchObject({ state: 'unknown' });
    expect(await standing(old.id)).toMatchObject({ state: 'rejected', settledBy: 'lookup', errorCode: 'not-found' });
    expect([await failuresOf(young), await failuresOf(old)]).toEqual([0, 1]);
  });

  it('leaves a message open whose result cannot be known, and does not ask again at once', async () => {
    const message = await unknown('sms', 60);
    const unclear = saying({ kind: 'unclear' });
    expect(await ask(unclear)).toEqual({ reconciled: 0, open: 1 });
    expect(await ask(unclear)).toEqual({ reconciled: 0, open: 0 });
    expect(unclear.asked).toHaveLength(1);
    expect(await standing(message.id)).toMatchObject({ state: 'unknown', settledBy: null });
  });

  it('overwrites no report that arrives during the look-up', async () => {
    const message = await unknown('sms', 60);
    const overtaken: MessageChannel = {
      ...saying({ kind: 'not-found' }),
      lookUp: async ({ messageId }) => {
        const report = { channels: ['sms'], providerId: `SM-${messageId}`, messageId, status: 'delivered', errorCode: null } as const;
        await em.fork().transactional((tx) => recordDelivery(tx, { ...report, now: clock.now() }, optOutAtProvider));
        return { kind: 'not-found' };
      },
    };
    expect(await ask(overtaken)).toEqual({ reconciled: 0, open: 1 });
    expect(await standing(message.id)).toMatchObject({ state: 'delivered', errorCode: null, providerId: `SM-${message.id}` });
    expect(await failuresOf(message)).toBe(0);
  });

  it('stays open if the provider cannot be reached', async () => {
    const message = await unknown('sms', 60);
    expect(await ask(saying(new Error('unreachable')))).toEqual({ reconciled: 0, open: 1 });
    expect(await standing(message.id)).toMatchObject({ state: 'unknown' });
  });

  it('passes the real time of sending and the other messages to the look-up', async () => {
    const message = await unknown('sms', 10);
    await query(
      em,
      `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, step, occurrence, channel, purpose, template, state,
                            provider_id, not_before, send_before, planned_at)
       select uuidv7(), enrolment_id, campaign_id, customer_id, contact_point_id, step, 2, channel, purpose, template, 'accepted', 'SM1',
              not_before, send_before, planned_at from message where id = $1`,
      [message.id],
    );
    const channel = saying({ kind: 'unclear' });
    const aMinuteAgo = minutesAgo(1);
    const quick = createClock({ origin: minutesAgo(10).toISOString(), speed: 10 });
    await query(em, 'update message set submitted_at = $2 where id = $1', [message.id, new Date(quick.now().getTime() - 10 * 60_000)]);
    await reconcile(em, new Map<Channel, MessageChannel>([['sms', channel]]), companyContext, quick, log, optOutAtProvider);
    expect(channel.asked[0]?.knownProviderIds).toEqual(new Set(['SM1']));
    // Ten campaign minutes at ten times the speed are one real minute.
    expect(Math.abs((channel.asked[0]?.realSubmittedAt.getTime() ?? 0) - aMinuteAgo.getTime())).toBeLessThan(30_000);
  });

  it('looks each message up once, however many ask at the same time', async () => {
    await Promise.all([1, 2, 3, 4, 5].map(() => unknown('sms', 60)));
    const unclear = saying({ kind: 'unclear' });
    const results = await Promise.all(
      [1, 2, 3].map(() =>
        reconcile(em.fork(), new Map<Channel, MessageChannel>([['sms', unclear]]), companyContext, clock, log, optOutAtProvider),
      ),
    );
    expect(results.reduce((sum, { open }) => sum + open, 0)).toBe(5);
    expect(new Set(unclear.asked.map(({ messageId }) => messageId)).size).toBe(5);
    expect(unclear.asked).toHaveLength(5);
  });
});

describe('provenSent', () => {
  it.each(['unknown', 'submitting'] as const)('takes an answer as proof that a message that is %s was sent', async (state) => {
    const message = await unknown('email', 5, { state });
    expect(await em.transactional((tx) => provenSent(tx, message.id, 'answer', clock.now()))).toBe(true);
    expect(await standing(message.id)).toMatchObject({ state: 'accepted', settledBy: 'answer', errorCode: null });
    expect(await em.transactional((tx) => provenSent(tx, message.id, 'report', clock.now()))).toBe(false);
  });

  it('corrects the result "not sent", and changes no other rejected message', async () => {
    const [wrong, refused] = [
      await unknown('email', 5),
      await unknown('email', 5, { state: 'rejected', errorClass: 'refused', errorCode: '550' }),
    ];
    await settleByHand(em, wrong.id, 'not-sent', 'somebody', clock.now());
    expect(await em.transactional((tx) => provenSent(tx, wrong.id, 'answer', clock.now()))).toBe(true);
    expect(await em.transactional((tx) => provenSent(tx, refused.id, 'answer', clock.now()))).toBe(false);
    expect((await standing(refused.id))?.state).toBe('rejected');
  });
});

describe('by hand', () => {
  it('settles as the operator states: "sent" continues to wait, "not sent" notifies the journey, once', async () => {
    const [sent, not] = [await unknown('email', 5), await unknown('email', 5)];
    expect((await listUnknown(em, 'replies.example.test')).map(({ id, searchFor }) => [id, searchFor])).toEqual(
      [sent, not].map(({ id }) => [id, `${id}@replies.example.test`]),
    );
    expect(await settleByHand(em, sent.id, 'sent', 'key', clock.now())).toEqual({ id: sent.id, state: 'accepted', settledBy: 'key' });
    await settleByHand(em, not.id, 'not-sent', 'key', clock.now());
    expect(await standing(not.id)).toMatchObject({ state: 'rejected', settledBy: 'key', errorCode: 'not-sent' });
    expect([await failuresOf(sent), await failuresOf(not)]).toEqual([0, 1]);
    await expect(settleByHand(em, not.id, 'not-sent', 'key', clock.now())).rejects.toMatchObject({ kind: 'conflict' });
    expect(await failuresOf(not)).toBe(1);
  });
});
