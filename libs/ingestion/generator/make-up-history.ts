import type { EntityManager } from '@mikro-orm/postgresql';
import { recordEvents } from '../../customers/record-events.js';
import { markMade } from '../../customers/write-customers.js';
import { query } from '../../persistence/sql.js';
import { minorPerMajorSql } from '../../platform/currencies.js';
import type { Progress } from '../../platform/progress.js';
import { makeHistory, type Lived } from './made-history.js';

// So many at once are a load: what a score reads of them waits for the sweep.
const batchSize = 600;
const dayMs = 86_400_000;

/** How `customer.made` names the events of a made-up year. */
const madeEvents = 'events';

/**
 * Gives every customer a made-up year of events (see made-history.ts), so that scores whose outcome is an event can be tried out on a file
 * without a history. The events have the source `demo`, and the customers are marked; running it again changes nothing. For demos and tests only.
 * @param seed the same seed makes the same years
 * @returns how many events were recorded
 */
export async function makeUpHistory(
  em: EntityManager,
  { seed, now, onProgress }: { seed: string | number; now: Date; onProgress?: Progress },
): Promise<{ recorded: number }> {
  const customers = await query<Lived & { id: string }>(em, customersWithout, [madeEvents]);
  let recorded = 0;
  for (let start = 0; start < customers.length; start += batchSize) {
    const batch = customers.slice(start, start + batchSize);
    const events = batch.flatMap((customer) =>
      makeHistory(String(seed), customer).map(({ kind, daysAgo, data }, index) => ({
        customerId: customer.id,
        kind,
        at: new Date(now.getTime() - daysAgo * dayMs),
        data,
        source: 'demo',
        sourceId: `${customer.externalId}-${String(index)}`,
      })),
    );
    recorded += await em.transactional(async (tx) => {
      const { stored } = await recordEvents(tx, events, now);
      await markMade(
        tx,
        batch.map(({ id }) => id),
        madeEvents,
      );
      return stored;
    });
    onProgress?.(start + batch.length, customers.length);
  }
  // Else PostgreSQL plans for an empty table until it collects statistics, a minute later.
  if (recorded > 0) await query(em, 'analyze customer_event');
  return { recorded };
}

const customersWithout = `
select c.id, c.external_id as "externalId", c.tenure, coalesce(c.monthly_charge::double precision / ${minorPerMajorSql('c.currency')}, 30) as "monthlyCharge",
  coalesce(c.attributes ->> 'payment_method' like '%check%', false) as "paysByHand"
from customer c
where c.erased_at is null and not $1 = any(c.made)
order by c.external_id`;
