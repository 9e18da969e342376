import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { day, testNow } from '../../test/harness/factories.js';
import { sendOffer, type SentOffer } from '../../test/harness/sent-offer.js';
import type { Outcome } from '../journeys/outcome.js';
import { closeEnrolment } from '../lifecycle/enrolments.js';
import { advance, initialState } from '../journeys/engine.js';
import type { JourneyGraph } from '../journeys/graph.js';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { closeTask } from './desk.js';
import { choicesOf, meanings, type Choice, type Meaning } from './desk-choices.js';
import { loadChoiceFacts } from './desk-facts.js';
import { receiveResponse } from './receive.js';
import { taskKinds, type TaskKind } from './task.entity.js';
import { signalsTo } from '../../test/harness/signals.js';

const now = new Date(testNow.getTime() + 3_600_000);
const answerWithinMs = 4 * day;

/** What the journey does with an answer: its own ways, or none, so that the default endings apply. */
const graphs: Readonly<Record<string, JourneyGraph>> = {
  'ends by default': { first: 'ask', steps: { ask: { id: 'ask', kind: 'await', spec: { answerWithinMs }, ways: {} } } },
  'has ways of its own': {
    first: 'ask',
    steps: {
      ask: {
        id: 'ask',
        kind: 'await',
        spec: { answerWithinMs },
        ways: { accepted: 'rest', declined: 'lapse', question: 'refuse', 'opt-out': 'rest' },
      },
      rest: { id: 'rest', kind: 'wait', spec: { forMs: day }, ways: {} },
      lapse: { id: 'lapse', kind: 'exit', spec: { outcome: 'lapsed' }, ways: {} },
      refuse: { id: 'refuse', kind: 'exit', spec: { outcome: 'declined' }, ways: {} },
    },
  },
  'lapses on all else': {
    first: 'ask',
    steps: {
      ask: { id: 'ask', kind: 'await', spec: { answerWithinMs }, ways: { otherwise: 'lapse' } },
      lapse: { id: 'lapse', kind: 'exit', spec: { outcome: 'lapsed' }, ways: {} },
    },
  },
};
const offers = ['open', 'expired', 'accepted', 'declined', 'withdrawn', 'over'] as const;
const journeys = ['none', ...Object.keys(graphs)];

let database: TestDatabase;
let em: EntityManager;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => (em = database.orm.em.fork()));

interface Case {
  readonly sent: SentOffer;
  readonly taskId: string;
}

async function stage(kind: TaskKind, offer: (typeof offers)[number], journey: string, otherTask: boolean): Promise<Case> {
  const sent = await sendOffer(em, 'email');
  const tasks = [];
  for (const answer of otherTask ? ([kind, 'unclear'] as const) : [kind]) {
    const { responseId } = await receiveResponse(
      em.fork(),
      {
        source: 'smtp',
        sourceId: newId(),
        channel: 'email',
        by: { messageId: sent.messageId },
        said: () => ({ answer, because: 'a test' }),
        text: 'x',
      },
      now,
    );
    tasks.push((await queryOne<{ id: string }>(em, 'select id from task where response_id = $1', [responseId]))?.id ?? '');
  }
  // The journey has already handled what it got when the answer arrived.
  await query(em, 'delete from domain_event where customer_id = $1', [sent.customer.id]);
  const graph = graphs[journey];
  if (graph === undefined)
    await query(em, `update enrolment set state = 'closed', outcome = 'handed-over' where id = $1`, [sent.enrolment.id]);
  else {
    await query(em, `update campaign_version set definition = jsonb_set(definition, '{journey}', $2) where campaign_id = $1`, [
      sent.campaign.id,
      JSON.stringify(graph),
    ]);
    await query(em, `update enrolment set step = 'ask' where id = $1`, [sent.enrolment.id]);
  }
  // `over`: its time has passed and this is not stored yet.
  if (offer === 'over') await query(em, 'update offer set expires_at = $2 where id = $1', [sent.offerId, now]);
  else await query(em, 'update offer set state = $2 where id = $1', [sent.offerId, offer]);
  return { sent, taskId: tasks[0] ?? '' };
}

const choicesFor = async ({ taskId }: Case): Promise<readonly Choice[]> => {
  const facts = (await loadChoiceFacts(em.fork(), [taskId], now)).get(taskId);
  if (facts === undefined) throw new Error('no facts');
  return choicesOf(facts);
};

/** Performs it, and notifies the journey as its workflow would. @returns the result, in the form of a choice */
async function done({ sent, taskId }: Case, answer: Meaning, journey: string): Promise<Omit<Choice, 'answer'> | 'refused'> {
  const stateOf = async (): Promise<string> =>
    (
      await queryOne<{ state: string }>(
        em,
        `select case when state = 'open' and expires_at <= $2 then 'expired' else state end as state from offer where id = $1`,
        [sent.offerId, now],
      )
    )?.state ?? '';
  const before = await stateOf();
  const closed = await closeTask(em.fork(), taskId, answer, 'a test', now).catch((error: unknown) => error);
  if (closed instanceof Error) return 'refused';
  const chosen = await stateOf();
  const signals = await signalsTo(em, sent.enrolment.id);
  const graph = graphs[journey];
  let leads: unknown;
  for (const signal of signals) {
    if (graph === undefined) throw new Error('A journey that has ended was notified');
    const started = advance(graph, initialState(graph, now.getTime(), now.getTime() + 10 * day), { kind: 'started' }, now.getTime());
    const heard = advance(graph, started.state, { kind: 'signalled', signal }, now.getTime());
    const [effect] = heard.effects;
    if (effect?.kind === 'close') {
      await em.fork().transactional((tx) => closeEnrolment(tx, sent.enrolment.id, effect.outcome as Outcome, now));
      leads = { kind: 'ends', outcome: effect.outcome };
    } else leads = { kind: 'goes-on', step: heard.state.at };
  }
  const after = await stateOf();
  const suppressed = await query(em, 'select 1 from suppression where address_hash = $1', [sent.point.addressHash]);
  return {
    unavailable: false,
    offer: { becomes: after as never, by: after !== chosen ? 'journey' : chosen !== before ? 'choice' : null },
    journey: graph === undefined ? null : leads === undefined ? ({ notified: false } as never) : { notified: true, leads: leads as never },
    ends: suppressed.length > 0 ? ['marketing'] : [],
  };
}

describe('a choice at the desk does what the desk has announced', () => {
  describe.each(taskKinds())('for a task that is %s', (kind) => {
    it.each(offers.flatMap((offer) => journeys.map((journey) => [offer, journey] as const)))(
      'with an offer that is %s and a journey that %s',
      async (offer, journey) => {
        for (const otherTask of [false, true]) {
          for (const answer of meanings()) {
            const made = await stage(kind, offer, journey, otherTask);
            const choice = (await choicesFor(made)).find((each) => each.answer === answer);
            const came = await done(made, answer, journey);
            if (came === 'refused') expect([answer, choice?.unavailable]).toEqual([answer, true]);
            else expect(choice).toMatchObject({ answer, ...came });
          }
        }
      },
    );
  });

  it('a question keeps the offer: nothing ends it before a person has read the question', async () => {
    const made = await stage('unclear', 'open', 'ends by default', false);
    expect((await choicesFor(made)).find(({ answer }) => answer === 'question')).toEqual({
      answer: 'question',
      unavailable: false,
      offer: { becomes: 'open', by: null },
      journey: { notified: true, leads: { kind: 'ends', outcome: 'handed-over' } },
      ends: [],
    });
  });
});
