import type { ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { from, lastValueFrom } from 'rxjs';
import { rememberCaller } from '../../apps/api/src/access/caller.js';
import { IdempotencyInterceptor } from '../../apps/api/src/access/idempotency.interceptor.js';
import { optOutAtProvider } from '../../libs/consent/opt-out.js';
import { startTestApi, type TestApi } from '../harness/api.js';
import {
  day,
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  makeOffer,
  makeScore,
  testNow,
  testSecret,
} from '../harness/factories.js';
import { raiseAlert } from '../../libs/access/alerts.js';
import { ConsentEvent } from '../../libs/consent/consent-event.entity.js';
import { recordEvents } from '../../libs/customers/record-events.js';
import { createCustomer } from '../../libs/ingestion/create-customer.js';
import { eraseCustomer } from '../../libs/lifecycle/erase-customer.js';
import { claim } from '../../libs/messaging/ledger/claim.js';
import { recordDelivery, markSubmitting } from '../../libs/messaging/ledger/ledger.js';
import { findLink, recordClick } from '../../libs/messaging/ledger/link-click.js';
import { messageStates, type Message } from '../../libs/messaging/ledger/message.entity.js';
import { backOffMs, settle } from '../../libs/messaging/ledger/settle.js';
import { MessageRequest } from '../../libs/messaging/planning/message-request.entity.js';
import { measureDue } from '../../libs/lifecycle/measure-due.js';
import { campaignReport } from '../../libs/measurement/campaign-report.js';
import { newId } from '../../libs/platform/ids.js';
import { query, queryOne } from '../../libs/persistence/sql.js';
import { answerOffer, showOffer, unsubscribe } from '../../libs/responses/links.js';
import { receiveResponse, type IncomingResponse } from '../../libs/responses/receive.js';
import { Reply } from '../../libs/responses/reply.entity.js';
import { Response } from '../../libs/responses/response.entity.js';
import { Task } from '../../libs/responses/task.entity.js';
import { Score } from '../../libs/scores/score.entity.js';
import { learntFromNow, scoredNow } from '../../libs/scoring/features/population.js';
import { readFeatures } from '../../libs/scoring/features/read-features.js';
import { traces } from '../harness/traces.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

/** Words that identify them: none of them may be left anywhere. */
interface Person {
  readonly id: string;
  readonly externalId: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly words: readonly string[];
}

interface Lived {
  readonly person: Person;
  readonly campaign: { readonly id: string; readonly key: string };
  readonly running: string;
  readonly offerId: string;
  readonly messages: ReadonlyMap<string, Message>;
}

let count = 0;

/** A customer who has everything: two campaigns, each state of a message, answers, a task with a reply, a score with reasons. */
async function live(): Promise<Lived> {
  const em = api.em();
  const number = String(++count);
  const name = `Zwetlana Quorrington ${number}`;
  const email = `zwetlana.quorrington${number}@posteo-example.test`;
  const phone = `+49151555${number.padStart(5, '0')}`;
  const externalId = `QX-77${number}-ZWQ`;
  const answer = {
    externalId,
    name,
    timeZone: 'Europe/Vienna',
    locale: 'de-AT',
    attributes: { contract: 'month-to-month', pet: 'a basilisk' },
  };
  const created = await api.request<{ id: string }>('POST', '/v1/customers', {
    body: { ...answer, monthlyCharge: 3_000, currency: 'EUR', contactPoints: [], consents: [] },
    headers: { 'Idempotency-Key': `create ${externalId}` },
  });
  const { id } = created.body;
  const mail = await makeContactPoint(em, id, 'email', { address: email });
  const line = await makeContactPoint(em, id, 'sms', { address: phone });
  await makeScore(em, id, 0.82);
  await em.nativeUpdate(Score, { customer: id }, { reasons: [{ feature: 'pet', value: 'a basilisk', contribution: 1 }] });
  await em.transactional((tx) =>
    recordEvents(
      tx,
      [
        {
          customerId: id,
          kind: 'ticket.opened',
          at: testNow,
          data: { text: `${name} is upset` },
          source: 'crm',
          sourceId: `${externalId}-1`,
        },
      ],
      testNow,
    ),
  );
  const campaign = await makeCampaign(em);
  const past = await makeCampaign(em);
  const running = await makeEnrolment(em, campaign, id, { state: 'entered', step: 'offer' });
  const closed = await makeEnrolment(em, past, id, {
    state: 'closed',
    outcome: 'saved',
    closedAt: testNow,
    measuredAt: testNow,
    retained: true,
    keptRevenue: 2_900,
  });
  const offer = await makeOffer(em, running);
  await makeOffer(em, closed, { state: 'accepted', settledAt: testNow });
  await query(
    em,
    `update decision set candidates = '[{"key":"bill-credit-10","eligible":true,"value":4711,"reasons":["pays 47.11"]}]' where customer_id = $1`,
    [id],
  );
  const messages = new Map<string, Message>();
  for (const [place, state] of messageStates.entries()) {
    const submittedAt = ['planned', 'claimed', 'late', 'withdrawn'].includes(state) ? null : testNow;
    const lease = state === 'claimed' || state === 'submitting' ? new Date(testNow.getTime() + 60_000) : null;
    const message = await makeMessage(em, running, place % 2 === 0 ? mail : line, {
      state,
      occurrence: place + 1,
      offer: offer.id,
      submittedAt,
      leaseUntil: lease,
      fence: 3,
      providerId: submittedAt === null || state === 'submitting' || state === 'unknown' ? null : `SM${newId()}`,
    });
    messages.set(state, message);
  }
  const own = await makeMessage(em, running, mail, {
    enrolment: null,
    campaign: null,
    step: null,
    reference: `${email} thanks`,
    state: 'delivered',
    submittedAt: testNow,
  });
  messages.set('own', own);
  await em.insert(MessageRequest, {
    id: newId(),
    customer: id,
    reference: `call of ${name}`,
    template: 'save-offer',
    purpose: 'marketing',
    channel: 'preferred',
    offer: null,
    state: 'waiting',
    occurrence: 1,
    dueAt: testNow,
    endsAt: new Date(testNow.getTime() + 86_400_000),
    failed: [],
    message: null,
    reason: 'quiet-hours',
    requestedAt: testNow,
    requestedBy: 'api-key:x',
  });
  const responseId = newId();
  await em.insert(Response, {
    id: responseId,
    source: 'smtp',
    sourceId: `<${newId()}@${email.split('@')[1] ?? ''}>`,
    channel: 'email',
    customer: id,
    enrolment: running.id,
    message: messages.get('delivered')?.id ?? null,
    answer: 'question',
    because: 'basilisk',
    text: `May my basilisk stay? ${name}, ${phone}`,
    thread: { messageId: `<${email}>`, references: [], subject: `from ${name}` } as never,
    receivedAt: testNow,
  });
  const taskId = newId();
  await em.insert(Task, {
    id: taskId,
    kind: 'question',
    response: responseId,
    customer: id,
    enrolment: running.id,
    createdAt: testNow,
    dueAt: testNow,
    closedAt: null,
    resolution: null,
    closedBy: null,
  });
  const reply = await makeMessage(em, running, mail, {
    campaign: null,
    step: null,
    reference: `desk:${taskId}`,
    state: 'planned',
    template: 'reply',
  });
  messages.set('reply', reply);
  await em.insert(Reply, {
    message: reply.id,
    task: taskId,
    key: `for ${name}`,
    text: `Dear ${name}, basilisks may stay.`,
    writtenAt: testNow,
    writtenBy: 'api-key:x',
  });
  await raiseAlert(em, { kind: 'files-broken', subject: `of ${number}`, detail: `The mail to ${email} could not be written.` }, testNow);
  const words = [externalId, name, 'Quorrington', email, email.split('@')[0] ?? '', phone, phone.slice(1), 'basilisk', '47.11'];
  return { person: { id, externalId, name, email, phone, words }, campaign: past, running: running.id, offerId: offer.id, messages };
}

/** All counts of the report of a campaign, except those that the end of a journey must change. */
async function reportOf(campaignId: string): Promise<unknown> {
  return campaignReport(api.em(), campaignId, testNow);
}

const erase = (person: Person) =>
  api.request<{ customerId: string; removed: Record<string, number> }>('DELETE', `/v1/customers/${person.id}`);
const states = async ({ messages }: Lived): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      [...messages].map(async ([name, { id }]) => [
        name,
        (await queryOne<{ state: string }>(api.em(), 'select state from message where id = $1', [id]))?.state ?? '',
      ]),
    ),
  ) as Record<string, string>;
const written = (lived: Lived, by: IncomingResponse['by'], text: string): IncomingResponse => ({
  source: 'twilio',
  sourceId: newId(),
  channel: 'sms',
  by,
  said: () => ({ answer: 'question', because: 'a test' }),
  text: `${text} ${lived.person.name}`,
});

/** Three treated and three held out: in each arm one who reached the goal, one who pays less now, and one who churned. */
async function divided(): Promise<{ readonly campaignId: string; readonly customers: readonly string[] }> {
  const em = api.em();
  const campaign = await makeCampaign(em, { definition: { holdout: 0.5, goal: 'customer.plan == "gold"' } });
  const customers: string[] = [];
  for (const arm of ['treated', 'holdout'] as const)
    for (const [index, was] of [{ plan: 'gold' }, { monthlyCharge: 2_000 }, { status: 'churned', churnedAt: testNow } as const].entries()) {
      const { id } = await makeCustomer(em, was);
      const ended = { state: 'closed', outcome: arm === 'treated' ? 'saved' : 'held-out', closedAt: testNow } as const;
      const enrolment = await makeEnrolment(em, campaign, id, { arm, ...(arm === 'treated' || index === 2 ? ended : {}) });
      if (arm === 'treated') await makeOffer(em, enrolment, { state: index === 0 ? 'accepted' : 'declined', settledAt: testNow });
      customers.push(id);
    }
  return { campaignId: campaign.id, customers };
}

describe('a customer who has everything', () => {
  it('leaves no trace in any table; reports stay, and the erasure records who did it', async () => {
    const lived = await live();
    expect((await traces(api.em(), lived.person.words)).length).toBeGreaterThan(10);
    const before = await reportOf(lived.campaign.id);
    const { status, body } = await erase(lived.person);
    expect([status, body]).toMatchObject([200, { customerId: lived.person.id, erasedBy: `api-key:${api.keyId}` }]);
    expect(body.removed).toMatchObject({
      contactPoints: 2,
      events: 1,
      scores: 1,
      replies: 1,
      closedTasks: 1,
      messageRequests: 1,
      storedAnswers: 1,
      alerts: 1,
    });
    expect(await traces(api.em(), lived.person.words)).toEqual([]);
    expect(await reportOf(lived.campaign.id)).toEqual(before);
    expect((await erase(lived.person)).body).toEqual(body);
    expect((await api.request('POST', '/v1/erasures', { body: { externalId: lived.person.externalId } })).body).toEqual(body);
  });

  it('counts in the lift as before: before the window ends, and after the measurement', async () => {
    const [others, ours] = [await divided(), await divided()];
    const liftOf = async ({ campaignId }: typeof ours, days: number) => {
      const { lift, offers, outcomes, budget } = await campaignReport(api.em(), campaignId, new Date(testNow.getTime() + days * day));
      return { lift, offers, outcomes, budget };
    };
    const before = await liftOf(ours, 1);
    expect(before.lift).toMatchObject({
      treated: { n: 3, retained: 2 },
      holdout: { n: 3, retained: 2 },
      goal: { treated: { reached: 1 } },
    });
    for (const customerId of ours.customers) await eraseCustomer(api.em(), { customerId }, testSecret, 'a test', testNow);
    expect(await liftOf(ours, 1)).toEqual(before);
    for (const { campaignId } of [others, ours]) await measureDue(api.em(), campaignId, new Date(testNow.getTime() + 30 * day));
    const measured = await liftOf(ours, 31);
    expect(measured.lift?.basis).toBe('measured');
    expect(measured).toEqual(await liftOf(others, 31));
  });

  it('ends running journeys, withdraws messages that were not submitted, and releases the budget', async () => {
    const lived = await live();
    await erase(lived.person);
    expect(await queryOne(api.em(), 'select state, outcome from enrolment where id = $1', [lived.running])).toEqual({
      state: 'closed',
      outcome: 'cancelled',
    });
    expect(await states(lived)).toMatchObject({
      planned: 'withdrawn',
      claimed: 'withdrawn',
      reply: 'withdrawn',
      submitting: 'submitting',
      unknown: 'unknown',
      accepted: 'accepted',
      delivered: 'delivered',
    });
    expect(
      await queryOne(
        api.em(),
        `select k.budget_reserved as reserved, o.state from offer o join campaign k on k.id = o.campaign_id where o.id = $1`,
        [lived.offerId],
      ),
    ).toEqual({ reserved: 0, state: 'withdrawn' });
    const events = await query(api.em(), `select kind from domain_event where customer_id = $1 and kind = 'customer.erased'`, [
      lived.person.id,
    ]);
    expect(events).toHaveLength(1);
  });

  it('gets no message in progress: a retry is withdrawn by the next claim', async () => {
    const lived = await live();
    await erase(lived.person);
    const id = lived.messages.get('submitting')?.id ?? '';
    const retry = { kind: 'retry', errorClass: 'transient', errorCode: '421' } as const;
    await settle(api.em(), [{ id, fence: 3, attempts: 1, result: retry }], backOffMs, optOutAtProvider, testNow);
    const later = new Date(testNow.getTime() + 3_600_000);
    const claimed = await api.em().transactional((tx) => claim(tx, lived.messages.get('submitting')?.channel ?? 'sms', 100, 60_000, later));
    expect(claimed.map((each) => each.id)).not.toContain(id);
    expect((await states(lived))['submitting']).toBe('withdrawn');
    expect(await markSubmitting(api.em(), [{ id: lived.messages.get('claimed')?.id ?? '', fence: 3 }], 60_000, testNow)).toEqual(new Set());
  });

  it('and does not come back by any endpoint: late reports, replies and clicks store no text', async () => {
    const lived = await live();
    const text = { link: () => 'https://example.test/' };
    const templates = { templatesAt: () => Promise.resolve(text) } as unknown as Parameters<typeof findLink>[1];
    const deliveredId = lived.messages.get('delivered')?.id ?? '';
    await erase(lived.person);
    const em = api.em();
    const unknown = lived.messages.get('unknown');
    const report = {
      channels: [unknown?.channel ?? 'sms'],
      providerId: 'SMlate',
      messageId: unknown?.id ?? null,
      status: 'delivered',
      errorCode: null,
    } as const;
    expect(await em.transactional((tx) => recordDelivery(tx, { ...report, now: testNow }, optOutAtProvider))).toBe(true);
    const bounced = lived.messages.get('accepted');
    const bounce = {
      channels: [bounced?.channel ?? 'sms'],
      providerId: bounced?.providerId ?? '',
      messageId: null,
      status: 'bounced',
      errorCode: '550',
    } as const;
    await em.transactional((tx) => recordDelivery(tx, { ...bounce, now: testNow }, optOutAtProvider));
    const hash = lived.messages.get('delivered')?.addressHash ?? '';
    for (const by of [{ messageId: deliveredId }, { addressHash: hash }, { offerId: lived.offerId }]) {
      expect(await receiveResponse(api.em(), written(lived, by, 'It is me again,'), testNow)).toMatchObject({ customerId: null });
    }
    const link = await findLink(api.em(), templates, `${deliveredId}.plans`);
    if (link !== undefined) await recordClick(api.em(), link, testNow);
    await unsubscribe(api.em(), deliveredId, testNow);
    expect(await showOffer(api.em(), lived.offerId, testNow)).toBeUndefined();
    await expect(answerOffer(api.em(), lived.offerId, 'accepted', testNow)).rejects.toThrow('There is no offer');
    const event = {
      customerId: lived.person.id,
      kind: 'ticket.opened',
      at: testNow,
      data: { text: lived.person.name },
      source: 'crm',
      sourceId: newId(),
    };
    expect(await api.em().transactional((tx) => recordEvents(tx, [event], testNow))).toMatchObject({ stored: 0, unknown: [0] });
    expect(await traces(api.em(), lived.person.words)).toEqual([]);
  });

  it('is in no stored answer of a request during the erasure', async () => {
    const lived = await live();
    const request = {
      method: 'POST',
      originalUrl: '/v1/customers',
      body: {},
      get: () => 'under way',
    } as unknown as Request;
    rememberCaller(request, { keyId: api.keyId });
    const http = { getRequest: () => request, getResponse: () => ({ statusCode: 201 }) };
    const context = { switchToHttp: () => http } as unknown as ExecutionContext;
    const performed = async (): Promise<unknown> => {
      const { body } = await api.request('GET', `/v1/customers/${lived.person.id}`);
      await erase(lived.person);
      return body;
    };
    const answered = await new IdempotencyInterceptor(api.em()).intercept(context, { handle: () => from(performed()) });
    expect(await lastValueFrom(answered)).toMatchObject({ name: lived.person.name });
    expect(await query(api.em(), `select status from idempotent_request where key = 'under way'`)).toEqual([{ status: 410 }]);
    expect(await traces(api.em(), lived.person.words)).toEqual([]);
  });

  it('stays blocked when an import or the API adds the address again, in any spelling', async () => {
    const lived = await live();
    await erase(lived.person);
    const spelled = lived.person.email.toUpperCase();
    const again = await api.em().transactional((tx) =>
      createCustomer(
        tx,
        {
          externalId: `again-${lived.person.externalId}`,
          name: null,
          locale: 'en',
          timeZone: null,
          plan: null,
          monthlyCharge: null,
          currency: null,
          tenure: null,
          preferredChannel: null,
          attributes: {},
          contactPoints: [
            { channel: 'email', address: spelled },
            { channel: 'whatsapp', address: lived.person.phone },
          ],
          consents: [{ channel: 'email', purpose: 'marketing', granted: true, wordingVersion: '1', source: 'api' }],
        },
        testSecret,
        'a test',
        testNow,
      ),
    );
    const { body } = await api.request<{ contactPoints: { suppressed: string | null }[] }>('GET', `/v1/customers/${again}`);
    expect(body.contactPoints.map(({ suppressed }) => suppressed)).toEqual(['erased', 'erased']);
    const asked = { reference: 'r', template: 'save-offer', purpose: 'service', channel: 'email' };
    expect((await api.request('POST', `/v1/customers/${again}/messages`, { body: asked })).body).toMatchObject({ state: 'blocked' });
  });

  it('is excluded from lists, counts, scoring and every new contact', async () => {
    const lived = await live();
    await erase(lived.person);
    expect((await api.request('GET', `/v1/customers/${lived.person.id}`)).status).toBe(404);
    const { body } = await api.request<{ items: { id: string }[] }>('GET', '/v1/customers?limit=200');
    expect(body.items.map(({ id }) => id)).not.toContain(lived.person.id);
    for (const population of [scoredNow(undefined), learntFromNow(undefined)]) {
      const reading = { features: [], at: testNow, population, nextChange: false };
      const { ids } = await readFeatures(api.em(), { ...reading, whom: { ids: [lived.person.id] } });
      expect(ids).toEqual([]);
    }
    const posted = await api.request('POST', '/v1/scores', { body: [{ customerId: lived.person.id, kind: 'clv', value: 1 }] });
    expect(posted.status).toBe(200);
    expect(await query(api.em(), 'select from score where customer_id = $1', [lived.person.id])).toEqual([]);
    const offer = await api.request('POST', `/v1/customers/${lived.person.id}/offers`, { body: { reference: 'r', treatment: 'x' } });
    expect(offer.status).toBe(404);
    const csv = await api.request<string>('GET', `/v1/campaigns/${lived.campaign.key}/enrolments.csv`);
    expect(csv.body).not.toContain(lived.person.externalId);
  });

  it('is erased once by two requests at the same time, and not if they do not exist', async () => {
    const lived = await live();
    const all = await Promise.all(
      [1, 2, 3].map(() => eraseCustomer(api.em(), { externalId: lived.person.externalId }, testSecret, 'x', testNow)),
    );
    expect(new Set(all.map(({ customerId }) => customerId)).size).toBe(1);
    expect(await query(api.em(), 'select from erasure where customer_id = $1', [lived.person.id])).toHaveLength(1);
    expect((await api.request('DELETE', `/v1/customers/${newId()}`)).status).toBe(404);
    expect((await api.request('POST', '/v1/erasures', { body: { externalId: 'nobody' } })).status).toBe(404);
  });

  it('does not change the consent of others', async () => {
    const lived = await live();
    const other = await makeCustomer(api.em());
    const point = await makeContactPoint(api.em(), other.id, 'email');
    await erase(lived.person);
    expect(await api.em().count(ConsentEvent, { customer: other.id })).toBe(1);
    expect(await query(api.em(), 'select from suppression where address_hash = $1', [point.addressHash])).toEqual([]);
  });
});
