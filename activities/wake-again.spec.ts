import type { EntityManager } from '@mikro-orm/postgresql';
import type { Answer } from '../libs/journeys/answers/table.js';
import type { JourneyInput } from '../libs/journeys/effects.js';
import type { JourneyState } from '../libs/journeys/engine.js';
import type { JourneyGraph } from '../libs/journeys/graph.js';
import { closeEnrolment } from '../libs/lifecycle/enrolments.js';
import { readPolicyTables } from '../libs/messaging/contact-policy/policy-tables.js';
import { query, queryOne } from '../libs/persistence/sql.js';
import { newId } from '../libs/platform/ids.js';
import { receiveResponse } from '../libs/responses/receive.js';
import { createTestDatabase, type TestDatabase } from '../test/harness/database.js';
import { testGraph } from '../test/harness/definitions.js';
import { day, makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeScore, testNow } from '../test/harness/factories.js';
import { signalsTo } from '../test/harness/signals.js';
import { waitFor } from '../test/harness/wait-for.js';
import type { JourneyActivities, Woken } from '../workflows/contract.js';
import { createJourneyActivities } from './journey.js';

const at = testNow.getTime();
/** The test journey after a check of the customer: customers at a low risk get nothing. */
const graph: JourneyGraph = {
  first: 'assess',
  steps: {
    ...testGraph.steps,
    assess: { id: 'assess', kind: 'assess', spec: { rule: 'score.churn > 0.5' }, ways: { next: 'choose' } },
  },
};
/** After silence it makes a second offer. */
const secondTry: JourneyGraph = {
  ...graph,
  steps: {
    ...graph.steps,
    await: { id: 'await', kind: 'await', spec: { answerWithinMs: 4 * day }, ways: { accepted: 'saved', silence: 'choose-again' } },
    'choose-again': { id: 'choose-again', kind: 'choose', spec: { from: ['bill-credit-10'] }, ways: { next: 'again', nothing: 'lapsed' } },
    again: {
      id: 'again',
      kind: 'send',
      spec: { template: 'save-offer', channel: 'preferred' },
      ways: { next: 'lapsed', blocked: 'lapsed' },
    },
  },
};

/** After silence it makes two more offers; a yes is thanked for, and then the journey waits. */
const thanks: JourneyGraph = {
  ...secondTry,
  steps: {
    ...secondTry.steps,
    await: { id: 'await', kind: 'await', spec: { answerWithinMs: 4 * day }, ways: { accepted: 'thank', silence: 'choose-again' } },
    'choose-again': {
      id: 'choose-again',
      kind: 'choose',
      spec: { from: ['bill-credit-10'] },
      ways: { next: 'choose-more', nothing: 'choose-more' },
    },
    'choose-more': { id: 'choose-more', kind: 'choose', spec: { from: ['bill-credit-10'] }, ways: { next: 'again', nothing: 'again' } },
    thank: {
      id: 'thank',
      kind: 'send',
      spec: { template: 'save-reminder', channel: 'preferred', purpose: 'service' },
      ways: { next: 'rest', blocked: 'rest' },
    },
    rest: { id: 'rest', kind: 'wait', spec: { forMs: day }, ways: { next: 'lapsed' } },
  },
};

let database: TestDatabase;
let em: EntityManager;
let activities: JourneyActivities;
/** How often the process dies when it looks up the contact policy: after the offer was committed, before the message. */
let deaths = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  const tables = readPolicyTables(['email', 'sms']);
  activities = createJourneyActivities({
    orm: database.orm,
    clock: { now: () => testNow, realMs: (campaignMs) => campaignMs },
    policy: () => {
      if (deaths-- > 0) throw new Error('the process died');
      return tables;
    },
    hints: { hint: () => Promise.resolve(), close: () => Promise.resolve() },
  });
});
afterAll(() => database.close());
beforeEach(() => {
  em = database.orm.em.fork();
  deaths = 0;
});

interface Inside {
  readonly id: string;
  readonly campaignId: string;
  readonly customerId: string;
}

async function enrolled(journey = graph): Promise<Inside> {
  const campaign = await makeCampaign(em, { definition: { journey } });
  const customer = await makeCustomer(em);
  await makeContactPoint(em, customer.id, 'email');
  await makeScore(em, customer.id, 0.8);
  const { id } = await makeEnrolment(em, campaign, customer.id, { measureAt: new Date(at + 10 * day) });
  return { id, campaignId: campaign.id, customerId: customer.id };
}

const started: JourneyInput = { kind: 'started' };
const elapsed: JourneyInput = { kind: 'elapsed' };
const wake = ({ id }: Inside, state: JourneyState | null, inputs: readonly JourneyInput[], now = at): Promise<Woken> =>
  activities.wake({ enrolmentId: id, state, inputs, now });

/** Everything that a journey leaves behind, so that repeated work is visible. */
async function books({ id, campaignId }: Inside): Promise<object> {
  const [kinds, offers, messages, visits, ended] = await Promise.all(
    [
      'select kind as said from decision where enrolment_id = $1 order by id',
      'select state as said from offer where enrolment_id = $1',
      'select state as said from message where enrolment_id = $1',
      `select step || ':' || coalesce(label, '') as said from step_visit where enrolment_id = $1 order by ordinal`,
      `select kind as said from domain_event where kind = 'enrolment.ended' and payload ->> 'enrolmentId' = $1::text`,
    ].map(async (sql) => (await query<{ said: string }>(database.orm.em.fork(), sql, [id])).map(({ said }) => said)),
  );
  const enrolment = await queryOne<object>(em, 'select state, step, outcome, waiting_until as until from enrolment where id = $1', [id]);
  const budget = await queryOne<{ reserved: number }>(em, 'select budget_reserved as reserved from campaign where id = $1', [campaignId]);
  return { kinds, offers, messages, visits, ended, enrolment, reserved: budget?.reserved };
}

/** The same journey without an interruption. */
async function booksWithoutTrouble(): Promise<object> {
  const calm = await enrolled();
  await wake(calm, null, [started]);
  return books(calm);
}

describe('a repeated wake', () => {
  it('after a crash between its two transactions: committed work is kept, and the rest is done once', async () => {
    const inside = await enrolled();
    deaths = 1;
    await expect(wake(inside, null, [started])).rejects.toThrow('the process died');
    expect(await books(inside)).toMatchObject({ kinds: ['assess', 'treat'], offers: ['open'], messages: [], reserved: 1_200 });
    const { until } = await wake(inside, null, [started]);
    expect(until).toBe(at + 4 * day);
    expect(await books(inside)).toEqual(await booksWithoutTrouble());
  });

  it('after it was committed but its result was lost: it returns the same result', async () => {
    const inside = await enrolled();
    const first = await wake(inside, null, [started]);
    const before = await books(inside);
    expect(await wake(inside, null, [started])).toEqual(first);
    expect(await books(inside)).toEqual(before);

    const last = await wake(inside, first.state, [elapsed], first.until ?? 0);
    expect(last.outcome).toBe('lapsed');
    const ended = await books(inside);
    expect(await wake(inside, first.state, [elapsed], first.until ?? 0)).toMatchObject({ outcome: 'lapsed', until: null });
    expect(await books(inside)).toEqual(ended);
    expect(ended).toMatchObject({ ended: ['enrolment.ended'], offers: ['expired'], messages: ['withdrawn'], reserved: 0 });
  });

  it('after the result of a rule changed: the committed way is taken again', async () => {
    const inside = await enrolled();
    deaths = 1;
    await expect(wake(inside, null, [started])).rejects.toThrow('the process died');
    await makeScore(em, inside.customerId, 0.1);
    await wake(inside, null, [started]);
    expect(await books(inside)).toEqual(await booksWithoutTrouble());
  });

  it('after the result of a rule changed and nothing was committed: the rule is evaluated again', async () => {
    const inside = await enrolled();
    await query(em, 'alter table offer add constraint no_offers check (false) not valid');
    await expect(wake(inside, null, [started])).rejects.toThrow('no_offers');
    await query(em, 'alter table offer drop constraint no_offers');
    expect(await books(inside)).toMatchObject({ kinds: [], visits: [], enrolment: { step: null } });
    await makeScore(em, inside.customerId, 0.1);
    expect((await wake(inside, null, [started])).outcome).not.toBeNull();
    expect(await books(inside)).toMatchObject({ kinds: ['assess'], offers: [], messages: [], ended: ['enrolment.ended'], reserved: 0 });
  });
});

describe('an answer that comes while a wake ends the journey', () => {
  const answer = ({ id }: Inside, said: Answer): Promise<unknown> =>
    em
      .transactional(async (tx) => {
        const sent = await queryOne<{ id: string }>(tx, 'select id from message where enrolment_id = $1', [id]);
        await query(tx, `update message set state = 'accepted', submitted_at = now() where id = $1`, [sent?.id]);
        return sent?.id ?? '';
      })
      .then((messageId) =>
        receiveResponse(
          database.orm.em.fork(),
          {
            source: 'smtp',
            sourceId: newId(),
            channel: 'email',
            by: { messageId },
            said: () => ({ answer: said, because: 'a test', plain: true }) as never,
            text: said,
          },
          testNow,
        ),
      );
  const waiting = async (of = graph): Promise<{ inside: Inside; state: JourneyState | null; until: number }> => {
    const inside = await enrolled(of);
    const { state, until } = await wake(inside, null, [started]);
    return { inside, state, until: until ?? 0 };
  };

  it.each<[Answer, string, string]>([
    ['accepted', 'saved', 'accepted'],
    ['declined', 'declined', 'declined'],
    ['question', 'handed-over', 'open'],
  ])('and is not delivered yet is handled before the end: %s', async (said, outcome, offer) => {
    const { inside, state, until } = await waiting();
    await answer(inside, said);
    expect((await wake(inside, state, [elapsed], until)).outcome).toBe(outcome);
    expect(await books(inside)).toMatchObject({ enrolment: { outcome }, offers: [offer], ended: ['enrolment.ended'] });
  });

  it('and was delivered to a workflow that handles it after the wake is handled too, and once', async () => {
    const { inside, state, until } = await waiting();
    await answer(inside, 'accepted');
    const [signal] = await signalsTo(em, inside.id);
    await query(em, 'update domain_event set delivered_at = now()');
    expect((await wake(inside, state, [elapsed], until)).outcome).toBe('saved');
    const ended = await books(inside);
    if (signal === undefined) throw new Error('There is no signal');
    expect((await wake(inside, state, [elapsed, { kind: 'signalled', signal }], until)).outcome).toBe('saved');
    expect(await books(inside)).toEqual(ended);
  });

  it('and before a cancellation gives the outcome', async () => {
    const { inside, state } = await waiting();
    await answer(inside, 'accepted');
    expect((await wake(inside, state, [{ kind: 'cancelled' }])).outcome).toBe('saved');
    expect((await wake((await waiting()).inside, state, [{ kind: 'cancelled' }])).outcome).toBe('cancelled');
  });

  it('is handled instead of the steps after silence', async () => {
    const { inside, state, until } = await waiting(secondTry);
    await answer(inside, 'accepted');
    expect((await wake(inside, state, [elapsed], until)).outcome).toBe('saved');
    expect(await books(inside)).toMatchObject({ offers: ['accepted'], enrolment: { step: 'saved', outcome: 'saved' } });
  });

  it('is handled after an attempt that continued with silence and died: the visits of that attempt are removed', async () => {
    const { inside, state, until } = await waiting(secondTry);
    deaths = 1;
    await expect(wake(inside, state, [elapsed], until)).rejects.toThrow('the process died');
    expect(await books(inside)).toMatchObject({ enrolment: { step: 'choose-again' } });
    await answer(inside, 'accepted');
    expect((await wake(inside, state, [elapsed], until)).outcome).toBe('saved');
    const { visits, enrolment } = (await books(inside)) as { visits: string[]; enrolment: object };
    expect(enrolment).toMatchObject({ step: 'saved', outcome: 'saved' });
    expect(visits).toEqual(['assess:next', 'choose:next', 'offer:next', 'await:accepted', 'saved:saved']);
  });

  it('and after an attempt that silence led further than the answer does: the goal is looked at where the answer leads', async () => {
    const { inside, state, until } = await waiting(thanks);
    const changed: JourneyInput = { kind: 'signalled', signal: { kind: 'customer-changed' } };
    deaths = 1;
    await expect(wake(inside, state, [elapsed, changed], until)).rejects.toThrow('the process died');
    expect(await books(inside)).toMatchObject({ enrolment: { step: 'choose-more' } });
    await answer(inside, 'accepted');
    await query(em, `update customer set status = 'renewed' where id = $1`, [inside.customerId]);
    expect((await wake(inside, state, [elapsed, changed], until)).outcome).toBe('saved');
  });

  it('and waits for the wake finds the journey ended: a question goes to the desk, a yes accepts no ended offer', async () => {
    for (const [said, task] of [
      ['question', 1],
      ['accepted', 0],
    ] as const) {
      const { inside } = await waiting();
      let received: Promise<unknown> | undefined;
      await database.orm.em.fork().transactional(async (tx) => {
        await closeEnrolment(tx, inside.id, 'lapsed', testNow);
        received = answer(inside, said);
        const blocked = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
        await waitFor(async () => (await query(database.orm.em.fork(), blocked)).length > 0);
      });
      await received;
      expect(await books(inside)).toMatchObject({ enrolment: { outcome: 'lapsed' }, offers: ['expired'] });
      expect(await signalsTo(em, inside.id)).toEqual([]);
      expect(await query(em, 'select from task where customer_id = $1', [inside.customerId])).toHaveLength(task);
      expect(await query(em, 'select answer from response where customer_id = $1', [inside.customerId])).toEqual([{ answer: said }]);
    }
  });
});
