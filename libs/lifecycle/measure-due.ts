import type { EntityManager } from '@mikro-orm/postgresql';
import { noteGoalsInside, noteGoalsOf } from '../campaigns/goals.js';
import { writeMeasures } from '../campaigns/kept-revenue.js';
import { writeEvents } from '../outbox/write-events.js';
import { query, queryOne } from '../persistence/sql.js';
import { endedEvent } from './enrolments.js';

export interface Measured {
  /** How many were measured now. */
  readonly measured: number;
  /** Whether there are enrolments that are not closed yet, or have entered and are not measured yet. The campaign is over when there are none. */
  readonly open: boolean;
  readonly nextMeasureAt: Date | null;
}

/**
 * Measures everybody whose window has ended, both arms in the same way and whatever their outcome: whether they were still a customer at
 * its end, whether the goal was reached, and the kept revenue (see kept-revenue.ts). This also closes the held-out.
 * @param limit the most that it measures: fewer mean that nobody else is due
 */
export async function measureDue(em: EntityManager, campaignId: string, now: Date, limit = 2_000): Promise<Measured> {
  await noteGoalsInside(em, campaignId, now);
  return em.transactional(async (tx) => {
    const due = await lockDue(tx, campaignId, now, limit);
    await noteGoalsOf(tx, campaignId, due, now);
    const measured = await writeMeasures(tx, due, now);
    const ended = measured.filter((each) => each.ended);
    await writeEvents(
      tx,
      ended.map(({ enrolmentId, customerId, outcome }) => endedEvent({ enrolmentId, customerId, campaignId, outcome })),
      now,
    );
    const rest = await queryOne<{ open: boolean; nextMeasureAt: Date | null }>(
      tx,
      `select exists (select from enrolment where campaign_id = $1 and state <> 'closed')
           or exists (select from enrolment where campaign_id = $1 and state = 'closed' and measured_at is null and measure_at is not null) as open,
              (select min(measure_at) from enrolment where campaign_id = $1 and measured_at is null) as "nextMeasureAt"`,
      [campaignId],
    );
    return { measured: measured.length, open: rest?.open ?? false, nextMeasureAt: rest?.nextMeasureAt ?? null };
  });
}

/** The earliest ends of windows first, locked in the same order as everywhere: by customer. */
async function lockDue(tx: EntityManager, campaignId: string, now: Date, limit: number): Promise<string[]> {
  const rows = await query<{ id: string }>(
    tx,
    `with due as materialized (
       select id from enrolment where campaign_id = $1 and measured_at is null and measure_at <= $2 order by measure_at, id limit $3
     )
     select e.id from enrolment e join due d on d.id = e.id
     where e.measured_at is null order by e.customer_id, e.id for no key update of e`,
    [campaignId, now, limit],
  );
  return rows.map(({ id }) => id);
}
