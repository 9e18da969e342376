import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import {
  day,
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  makeOffer,
  testNow,
  type MadeCampaign,
} from '../../test/harness/factories.js';
import { waitFor } from '../../test/harness/wait-for.js';
import { query, queryOne } from '../persistence/sql.js';
import type { CampaignCommand } from '../campaigns/campaign-states.js';
import type { CampaignState } from '../campaigns/campaign.entity.js';
import { writeEvents } from '../outbox/write-events.js';
import { newId } from '../platform/ids.js';
import { changeState } from './change-state.js';
import { carryOutPage, type JourneyCommand, type SignalResult } from './carry-out.js';
import type { Enrolment } from '../campaigns/enrolment.entity.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const em = () => db.orm.em.fork();
const inTransaction = <T>(work: (tx: EntityManager) => Promise<T>): Promise<T> => em().transactional(work);
const later = new Date(testNow.getTime() + day);
const command = (id: string, what: CampaignCommand) => inTransaction((tx) => changeState(tx, id, what, later));
const enrol = async (campaign: MadeCampaign, parts: Partial<Enrolment> = {}): Promise<Enrolment> =>
  makeEnrolment(em(), campaign, (await makeCustomer(em())).id, parts);

/** Runs all pages, and records which journeys it signalled. */
async function carryOut(
  campaign: MadeCampaign,
  { limit = 2, signal = () => 'signalled' }: { limit?: number; signal?: (id: string) => SignalResult } = {},
): Promise<{ signalled: [string, JourneyCommand][]; unreached: number; pages: number }> {
  const signalled: [string, JourneyCommand][] = [];
  let unreached = 0;
  let pages = 0;
  let after: string | null = null;
  do {
    const page = await carryOutPage(em(), campaign.id, { after, limit, now: later }, (id, command) => {
      signalled.push([id, command]);
      return Promise.resolve(signal(id));
    });
    pages += 1;
    unreached += page.unreached;
    after = page.next;
  } while (after !== null);
  return { signalled, unreached, pages };
}

describe('carryOutPage', () => {
  it.each([
    ['cancel', { pending: 'cancelled', holdout: 'cancelled', inside: 'cancelled', done: 'saved' }, 'withdrawn', 'withdrawn', 0],
    ['complete', { pending: 'cancelled', holdout: null, inside: null, done: 'saved' }, 'planned', 'open', 1_200],
  ] as const)('after a %s closes the enrolments that the command ends, and no others', async (what, outcomes, message, offer, reserved) => {
    const campaign = await makeCampaign(em());
    const made = {
      pending: await enrol(campaign, { state: 'pending', enteredAt: null, measureAt: null }),
      holdout: await enrol(campaign, { arm: 'holdout' }),
      inside: await enrol(campaign),
      done: await enrol(campaign, { state: 'closed', outcome: 'saved', closedAt: testNow }),
    };
    const issued = await makeOffer(em(), made.inside, { cost: 1_200 });
    const planned = await makeMessage(em(), made.inside, await makeContactPoint(em(), made.inside.customer, 'email'));
    await command(campaign.id, what);
    const { signalled } = await carryOut(campaign);
    for (const [name, enrolment] of Object.entries(made)) {
      const outcome = outcomes[name as keyof typeof made];
      const row = await queryOne(em(), 'select outcome, state from enrolment where id = $1', [enrolment.id]);
      expect({ name, ...row }).toEqual({ name, outcome, state: outcome === null ? 'entered' : 'closed' });
    }
    expect(signalled).toEqual(what === 'cancel' ? [[made.inside.id, 'cancel']] : []);
    expect(await queryOne(em(), 'select state from message where id = $1', [planned.id])).toEqual({ state: message });
    expect(await queryOne(em(), 'select state from offer where id = $1', [issued.id])).toEqual({ state: offer });
    expect(await queryOne(em(), 'select budget_reserved as reserved from campaign where id = $1', [campaign.id])).toEqual({ reserved });
  });

  it('lets a signalled journey with a waiting answer decide its own outcome', async () => {
    const campaign = await makeCampaign(em());
    const [signalled, gone] = [await enrol(campaign), await enrol(campaign)];
    for (const { id: enrolmentId, customer } of [signalled, gone]) {
      const payload = { responseId: newId(), enrolmentId, answer: 'accepted', journeyAnswer: 'accepted' } as const;
      await inTransaction((tx) => writeEvents(tx, [{ kind: 'response.received', customerId: customer, payload }], testNow));
    }
    await command(campaign.id, 'cancel');
    expect(await carryOut(campaign, { signal: (id) => (id === gone.id ? 'absent' : 'signalled') })).toMatchObject({ unreached: 0 });
    const outcomeOf = (id: string) => queryOne(em(), 'select outcome from enrolment where id = $1', [id]);
    expect(await outcomeOf(signalled.id)).toEqual({ outcome: null });
    expect(await outcomeOf(gone.id)).toEqual({ outcome: 'cancelled' });
  });

  it.each(['live', 'completed'] as const)(
    'lets the paused enrolments of a %s campaign continue after they were signalled',
    async (state) => {
      const campaign = await makeCampaign(em(), { state });
      const paused = [await enrol(campaign, { state: 'paused' }), await enrol(campaign, { state: 'paused' }), await enrol(campaign)];
      expect((await carryOut(campaign)).signalled.sort()).toEqual(paused.slice(0, 2).map(({ id }) => [id, 'resume']));
      expect(await statesOf(campaign)).toEqual({ entered: 3 });
    },
  );

  it.each(['draft', 'paused'] as const)('does nothing for those inside a %s campaign', async (state) => {
    const campaign = await makeCampaign(em(), { state });
    await enrol(campaign, { state: 'paused' });
    await enrol(campaign, { state: 'pending', enteredAt: null });
    expect(await carryOut(campaign)).toEqual({ signalled: [], unreached: 0, pages: 1 });
    expect(await statesOf(campaign)).toEqual({ paused: 1, pending: 1 });
  });

  it('also closes enrolments whose journey has ended or never began, and leaves the unreachable ones for the next cycle', async () => {
    const campaign = await makeCampaign(em(), { state: 'cancelled' });
    const [gone, missed, reached] = [await enrol(campaign, { step: null }), await enrol(campaign), await enrol(campaign)];
    const answers = new Map<string, SignalResult>([
      [gone.id, 'absent'],
      [missed.id, 'failed'],
      [reached.id, 'signalled'],
    ]);
    expect(await carryOut(campaign, { signal: (id) => answers.get(id) ?? 'failed' })).toMatchObject({ unreached: 1 });
    expect(await queryOne(em(), `select id from enrolment where campaign_id = $1 and state <> 'closed'`, [campaign.id])).toEqual({
      id: missed.id,
    });
    expect((await carryOut(campaign)).signalled).toEqual([[missed.id, 'cancel']]);
    expect(await statesOf(campaign)).toEqual({ closed: 3 });
  });

  it('stores nothing of an interrupted page, and repeats it', async () => {
    const campaign = await makeCampaign(em(), { state: 'cancelled' });
    for (let count = 0; count < 4; count += 1) await enrol(campaign);
    const cut = carryOutPage(em(), campaign.id, { after: null, limit: 2, now: later }, () => Promise.reject(new Error('power cut')));
    await expect(cut).rejects.toThrow('power cut');
    expect(await statesOf(campaign)).toEqual({ entered: 4 });
    expect((await carryOut(campaign)).signalled).toHaveLength(4);
  });

  it('misses nobody if others close in the meantime', async () => {
    const campaign = await makeCampaign(em(), { state: 'cancelled' });
    const all = [await enrol(campaign), await enrol(campaign), await enrol(campaign), await enrol(campaign), await enrol(campaign)];
    const closing: Promise<unknown>[] = [];
    await carryOut(campaign, {
      limit: 2,
      signal: () => {
        // The last of them ends on its own in the meantime.
        const close = `update enrolment set state = 'closed', outcome = 'saved', closed_at = $2 where id = $1 and state <> 'closed'`;
        closing.push(query(em(), close, [all[4]?.id, later]));
        return 'signalled';
      },
    });
    await Promise.all(closing);
    expect(await statesOf(campaign)).toEqual({ closed: 5 });
  });

  it('does not release enrolments that a later pause has paused', async () => {
    const campaign = await makeCampaign(em(), { state: 'live' });
    const { id } = await enrol(campaign, { state: 'paused' });
    let pausing: Promise<CampaignState> | undefined;
    await carryOutPage(em(), campaign.id, { after: null, limit: 10, now: later }, async () => {
      pausing = command(campaign.id, 'pause');
      // The pause waits for this page, so that nobody is paused again before they are released.
      await waitFor(async () =>
        queryOne(
          em(),
          `select pid from pg_locks join pg_stat_activity using (pid) where datname = current_database() and not granted limit 1`,
        ),
      );
      expect(await queryOne(em(), 'select state from campaign where id = $1', [campaign.id])).toEqual({ state: 'live' });
      return 'signalled';
    });
    expect(await pausing).toBe('paused');
    expect(await queryOne(em(), 'select state from enrolment where id = $1', [id])).toEqual({ state: 'entered' });
  });
});

async function statesOf({ id }: MadeCampaign): Promise<Record<string, number>> {
  const rows = await query<{ state: string; count: number }>(
    em(),
    'select state, count(*) from enrolment where campaign_id = $1 group by state',
    [id],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
