import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { keepStateOf } from '../campaigns/campaign-lock.js';
import type { CampaignState } from '../campaigns/campaign.entity.js';
import type { Arm, EnrolmentState } from '../campaigns/enrolment.entity.js';
import { releasePaused } from '../campaigns/enrolment-progress.js';
import { closeEnrolments } from './enrolments.js';

/** What a journey is told of its campaign. */
export type Order = 'resume' | 'cancel';

/**
 * What became of telling a journey. `absent`: there is none that could hear it, because it has ended or never began.
 * `failed`: it may be there, and could not be told.
 */
export type Told = 'told' | 'absent' | 'failed';

/** What a state of the campaign asks for some of those inside. */
interface Duty {
  readonly of: readonly EnrolmentState[];
  /** What their journeys are told, where they have one. */
  readonly tell: Order | null;
  /** What becomes of the enrolments whose journeys know, or that have none. */
  readonly then: (tx: EntityManager, ids: readonly string[], now: Date) => Promise<void>;
}

const cancelled: Duty['then'] = (tx, ids, now) => closeEnrolments(tx, ids, 'cancelled', now);
const letGo: Duty = { of: ['paused'], tell: 'resume', then: releasePaused };

/** Every state's duties. A pause has none: it is looked up, not told (docs/decisions/0001). */
const duties: Readonly<Record<CampaignState, readonly Duty[]>> = {
  draft: [],
  live: [letGo],
  paused: [],
  completed: [letGo, { of: ['pending'], tell: null, then: cancelled }],
  cancelled: [{ of: ['pending', 'entered', 'paused'], tell: 'cancel', then: cancelled }],
};

export interface CarriedOut {
  /** The customer after whom the next page begins; null where nobody is left. */
  readonly next: string | null;
  /** How many journeys could not be told; what is asked for them is still to be done. */
  readonly untold: number;
}

interface Inside {
  readonly id: string;
  readonly customerId: string;
  readonly arm: Arm;
  readonly state: EnrolmentState;
}

/**
 * Does what the campaign's present state asks for the next of those inside it: closes them, or lets them go on. Each page is
 * a transaction that locks its enrolments, tells their journeys and then writes it down: what is written down was told, and
 * a page that was cut off is told again, which changes nothing.
 * @param after the customer after whom it begins; null for the first
 * @param tell tells one journey; never throws
 */
export async function carryOutPage(
  em: EntityManager,
  campaignId: string,
  { after, limit, now }: { readonly after: string | null; readonly limit: number; readonly now: Date },
  tell: (enrolmentId: string, order: Order) => Promise<Told>,
): Promise<CarriedOut> {
  return em.transactional(async (tx) => {
    const state = await stateOf(tx, campaignId);
    const asked = state === undefined ? [] : duties[state];
    if (asked.length === 0) return { next: null, untold: 0 };
    const states = asked.flatMap((duty) => duty.of);
    const page = await pageOf(tx, campaignId, states, after, limit);
    const inside = await lock(tx, page, states);
    await keepStateOf(tx, campaignId);
    // A command came in between: what it asks for is another round's.
    if ((await stateOf(tx, campaignId)) !== state) return { next: null, untold: 0 };
    let untold = 0;
    for (const duty of asked) {
      const due = inside.filter((each) => duty.of.includes(each.state));
      const results = await Promise.all(due.map((each) => tellOne(each, duty.tell, tell)));
      const done = due.filter((_, index) => results[index] !== 'failed').map(({ id }) => id);
      untold += due.length - done.length;
      if (done.length > 0) await duty.then(tx, done, now);
    }
    return { next: page.length < limit ? null : (page.at(-1)?.customerId ?? null), untold };
  });
}

function tellOne({ id, arm, state }: Inside, order: Order | null, tell: (id: string, order: Order) => Promise<Told>): Promise<Told> {
  const hasJourney = arm === 'treated' && state !== 'pending';
  return order !== null && hasJourney ? tell(id, order) : Promise.resolve('absent');
}

async function stateOf(tx: EntityManager, campaignId: string): Promise<CampaignState | undefined> {
  return (await queryOne<{ state: CampaignState }>(tx, 'select state from campaign where id = $1', [campaignId]))?.state;
}

/** By customer, because that is the order of the index that holds whoever is inside. */
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

/** Those of a page who are still as they were found. */
async function lock(tx: EntityManager, page: readonly { readonly id: string }[], states: readonly EnrolmentState[]): Promise<Inside[]> {
  return query<Inside>(
    tx,
    `select id, customer_id as "customerId", arm, state from enrolment
     where id = any($1::uuid[]) and state = any($2::text[]) order by customer_id for no key update`,
    [page.map(({ id }) => id), states],
  );
}
