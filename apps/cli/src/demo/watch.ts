import type { MikroORM } from '@mikro-orm/postgresql';
import { queryOne } from '../../../../libs/persistence/sql.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import type { Population } from './population/population.js';

interface Standing {
  readonly enrolled: number;
  readonly waiting: number;
  readonly underway: number;
  readonly unmeasured: number;
  readonly sent: number;
  readonly unsettled: number;
}

const pause = 500;
const dayMs = 86_400_000;
/** Real milliseconds without any change after which the demo gives up and reports what it waits for. */
const timeoutMs = 120_000;

/** Shows the progress of the campaign, once per campaign day (every second on a terminal), until nothing is open. */
export async function watch(orm: MikroORM, campaignId: string, clock: Clock, population: Population): Promise<void> {
  const began = clock.now().getTime();
  let before = '';
  let changed = performance.now();
  let shownDay = -1;
  for (;;) {
    const standing = await standingOf(orm, campaignId);
    const day = Math.floor((clock.now().getTime() - began) / dayMs);
    const line =
      `Day ${String(day).padStart(2)}: ${standing.enrolled} enrolled, ${standing.waiting} about to enter, ${standing.underway} under way, ` +
      `${standing.sent} sent, ${population.answers} answers, ${standing.enrolled - standing.unmeasured} measured`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
    else if (day > shownDay) process.stderr.write(`${line}\n`);
    shownDay = day;

    if (population.failure !== undefined) throw new Error('The demo’s people could not answer', { cause: population.failure });
    if (standing.enrolled > 0 && standing.unmeasured + standing.underway + standing.waiting + standing.unsettled === 0) break;
    const now = JSON.stringify({ ...standing, answers: population.answers });
    if (now !== before) changed = performance.now();
    before = now;
    if (performance.now() - changed > timeoutMs) throw new Error(`Nothing has happened for two minutes: ${line}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  process.stderr.write('\n');
}

async function standingOf(orm: MikroORM, campaignId: string): Promise<Standing> {
  const standing = await queryOne<Standing>(
    orm.em.fork(),
    `select e.*, m.* from
       (select count(*) as enrolled,
               count(*) filter (where state = 'pending') as waiting,
               count(*) filter (where state in ('entered', 'paused')) as underway,
               count(*) filter (where measured_at is null) as unmeasured
        from enrolment where campaign_id = $1) e,
       (select count(*) filter (where state in ('accepted', 'delivered', 'bounced')) as sent,
               count(*) filter (where state in ('planned', 'claimed', 'submitting')) as unsettled
        from message where campaign_id = $1) m`,
    [campaignId],
  );
  return standing ?? { enrolled: 0, waiting: 0, underway: 0, unmeasured: 0, sent: 0, unsettled: 0 };
}
