import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { keepStateOf } from '../campaigns/campaign-lock.js';
import type { CampaignState } from '../campaigns/campaign.entity.js';
import type { Arm, EnrolmentState } from '../campaigns/enrolment.entity.js';
import { releasePaused } from '../campaigns/enrolment-progress.js';
import { isAnswerTo } from '../campaigns/signals.js';
import { campaignState } from '../campaigns/running-campaigns.js';
import { closeEnrolments } from './enrolments.js';

/** The signal that a journey gets when its campaign changes state. */
export type JourneyCommand = 'resume' | 'cancel';

/**
 * The result of signalling a journey. `absent`: there is no journey, because it has ended or never began. `failed`: there may be one, but
 * it could not be reached.
 */
export type SignalResult = 'signalled' | 'absent' | 'failed';

/** What a state of the campaign requires for some enrolments inside. */
interface Transition {
  readonly of: readonly EnrolmentState[];
  /** The signal for their journeys, if they have one. */
  readonly command: JourneyCommand | null;
  /** The change of enrolments whose journeys were signalled, or that have none; a journey with a waiting answer ends itself. */
  readonly then: (tx: EntityManager, ids: readonly string[], now: Date) => Promise<void>;
}

const cancelled: Transition['then'] = (tx, ids, now) => closeEnrolments(tx, ids, 'cancelled', now);
const letGo: Transition = { of: ['paused'], command: 'resume', then: releasePaused };

/** Every state's transitions. A pause has none: it is looked up, not signalled (docs/decisions/0001). */
const transitions: Readonly<Record<CampaignState, readonly Transition[]>> = {
  draft: [],
  live: [letGo],
  paused: [],
  completed: [letGo, { of: ['pending'], command: null, then: cancelled }],
  cancelled: [{ of: ['pending', 'entered', 'paused'], command: 'cancel', then: cancelled }],
};

export interface CarriedOut {
  /** The customer after whom the next page begins; null if nobody is left. */
  readonly next: string | null;
  /** How many journeys could not be signalled; their enrolments do not change until the next cycle. */
  readonly unreached: number;
}

interface Inside {
  readonly id: string;
  readonly customerId: string;
  readonly arm: Arm;
  readonly state: EnrolmentState;
}

/**
 * Applies the campaign's present state to the next enrolments inside it: closes them, or lets them continue. Each page is a transaction
 * that locks its enrolments, signals their journeys and then writes the new states. So every stored state was signalled, and an interrupted
 * page is signalled again, which changes nothing.
 * @param after the customer after whom the page begins; null for the first
 * @param signal signals one journey; never throws
 */
export async function carryOutPage(
  em: EntityManager,
  campaignId: string,
  { after, limit, now }: { readonly after: string | null; readonly limit: number; readonly now: Date },
  signal: (enrolmentId: string, command: JourneyCommand) => Promise<SignalResult>,
): Promise<CarriedOut> {
  return em.transactional(async (tx) => {
    const state = await campaignState(tx, campaignId);
    const asked = state === undefined ? [] : transitions[state];
    if (asked.length === 0) return { next: null, unreached: 0 };
    const states = asked.flatMap((transition) => transition.of);
    const page = await pageOf(tx, campaignId, states, after, limit);
    const inside = await lock(tx, page, states);
    await keepStateOf(tx, campaignId);
    // A command came in between: the next cycle applies it.
    if ((await campaignState(tx, campaignId)) !== state) return { next: null, unreached: 0 };
    let unreached = 0;
    for (const transition of asked) {
      const due = inside.filter((each) => transition.of.includes(each.state));
      const results = await Promise.all(due.map((each) => signalOne(each, transition.command, signal)));
      const reached = due.filter((_, index) => results[index] !== 'failed');
      unreached += due.length - reached.length;
      const own =
        transition.command === 'cancel'
          ? await answered(
              tx,
              due.filter((_, index) => results[index] === 'signalled'),
            )
          : [];
      const done = reached.map(({ id }) => id).filter((id) => !own.includes(id));
      if (done.length > 0) await transition.then(tx, done, now);
    }
    return { next: page.length < limit ? null : (page.at(-1)?.customerId ?? null), unreached };
  });
}

/**
 * Enrolments whose customers have answered: only their journeys know the outcome. No further answer can arrive now, because the enrolments
 * are locked.
 */
async function answered(tx: EntityManager, signalled: readonly Inside[]): Promise<string[]> {
  const rows = await query<{ id: string }>(
    tx,
    `select e.id from unnest($1::uuid[], $2::uuid[]) as e (id, customer_id)
     where exists (select from domain_event d where ${isAnswerTo('d', { customer: 'e.customer_id', enrolment: 'e.id::text' })})`,
    [signalled.map(({ id }) => id), signalled.map(({ customerId }) => customerId)],
  );
  return rows.map(({ id }) => id);
}

function signalOne(
  { id, arm, state }: Inside,
  command: JourneyCommand | null,
  signal: (id: string, command: JourneyCommand) => Promise<SignalResult>,
): Promise<SignalResult> {
  const hasJourney = arm === 'treated' && state !== 'pending';
  return command !== null && hasJourney ? signal(id, command) : Promise.resolve('absent');
}

/** By customer, because that is the order of the index of enrolments inside. */
async function pageOf(
  tx: EntityManager,
  campaignId: string,
  states: readonly EnrolmentState[],
  after: string | null,
  limit: number,
): Promise<Pick<Inside, 'id' | 'customerId'>[]> {
  return query(
    tx,
    `select id, customer_id as "customerId" from enrolment
     where campaign_id = $1 and state = any($2::text[]) and state <> 'closed' and ($3::uuid is null or customer_id > $3)
     order by customer_id limit $4`,
    [campaignId, states, after, limit],
  );
}

/** The enrolments of a page that have not changed since they were read. */
async function lock(tx: EntityManager, page: readonly { readonly id: string }[], states: readonly EnrolmentState[]): Promise<Inside[]> {
  return query<Inside>(
    tx,
    `select id, customer_id as "customerId", arm, state from enrolment
     where id = any($1::uuid[]) and state = any($2::text[]) order by customer_id for no key update`,
    [page.map(({ id }) => id), states],
  );
}
