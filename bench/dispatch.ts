import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import { startStack } from '../apps/cli/src/stack/stack.js';
import { readSettings, type Settings } from '../config/settings.js';
import { createHints } from '../libs/messaging/dispatch/hints.js';
import { migrate, openOrm } from '../libs/schema/orm.js';
import { queryOne } from '../libs/persistence/sql.js';
import { createLogger } from '../libs/platform/log.js';
import { projectFile } from '../libs/platform/project-file.js';
import { Child } from './dispatch/child.js';
import { makePeople, planRound } from './dispatch/people.js';
import type { BenchReport } from './report.js';

/** Mails in each round; rounds of both sides alternate, so that a slow spell of the machine meets both. */
const count = 5_000;
const rounds = 4;
const queued = 100_000;
/** Mails that go before the time starts. */
const warmUp = 500;

/**
 * Mails a second from planned to settled (claimed, composed from the template, marked, sent, settled; every commit waits for
 * the disk), beside nodemailer's pool that sends the same mails over as many connections into the same sink.
 */
export async function run(report: BenchReport): Promise<void> {
  const stack = await startStack({ dataDir: projectFile('.perennial', 'bench'), fresh: true, durable: true, log: () => undefined });
  const sink = Child.start('./dispatch/sink.js');
  const children = [sink];
  try {
    const port = await sink.hear<number>();
    const env = {
      ...stack.env,
      PERENNIAL_SMTP_URL: `smtp://127.0.0.1:${String(port)}`,
      PERENNIAL_EMAIL_RATE: '1000000',
      PERENNIAL_LOG_LEVEL: 'warn',
    };
    const settings = readSettings(env);
    const orm = await openOrm(settings.database);
    await migrate(orm);
    const campaignId = await makePeople(orm, queued);
    const bare = Child.start('./dispatch/bare.js', env);
    children.push(bare);
    await bare.hear();
    const dispatcher = Child.start('../apps/dispatcher/src/main.js', env);
    children.push(dispatcher);
    const side = new Side(orm, settings, campaignId);
    await side.round(1, warmUp);
    await bare.ask({ campaignId, count: warmUp });

    const spent = { real: 0, bare: 0, realMs: 0, bareMs: 0 };
    for (let round = 2; round < 2 + rounds; round += 1) {
      const [realBefore, bareBefore] = [dispatcher.processorMs(), bare.processorMs()];
      spent.real += await side.round(round, count);
      spent.realMs += dispatcher.processorMs() - realBefore;
      spent.bare += await bare.ask<number>({ campaignId, count });
      spent.bareMs += bare.processorMs() - bareBefore;
    }
    const drainedIn = await side.round(2 + rounds, queued);
    const total = rounds * count;
    report.row('messages_per_second', total / spent.real, '1/s');
    report.row('bare_per_second', total / spent.bare, '1/s');
    report.row('ratio_to_bare', spent.bare / spent.real, 'dispatcher / bare nodemailer pool');
    report.row('peak_mb', dispatcher.peakMb(), 'MB with 100,000 queued');
    report.row('drain_100k_per_second', queued / drainedIn, '1/s');
    report.row('dispatcher_processor_ms', spent.realMs / total, 'ms a message');
    report.row('bare_processor_ms', spent.bareMs / total, 'ms a message, rendering it before included');
    await side.close();
    const arrived = await sink.ask<number>({});
    if (arrived !== 2 * (warmUp + total) + queued) throw new Error(`${String(arrived)} mails have arrived: not each once`);
    await orm.close();
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await stack.stop();
  }
}

/** The dispatcher's side: plans, hints, and reads from the ledger when the last was settled. */
class Side {
  private readonly hints;

  constructor(
    private readonly orm: MikroORM,
    settings: Settings,
    private readonly campaignId: string,
  ) {
    this.hints = createHints(settings.redis.url, createLogger('bench', 'silent'));
  }

  /** @returns seconds from planned to settled */
  async round(round: number, messages: number): Promise<number> {
    const planned = await planRound(this.orm, this.campaignId, round, messages);
    await this.hints.hint('email');
    while (await this.isAtIt()) await sleep(100);
    const row = await queryOne<{ at: Date; others: number }>(
      this.orm.em.fork(),
      `select max(settled_at) as at, count(*) filter (where state <> 'accepted') as others from message where campaign_id = $1 and occurrence = $2`,
      [this.campaignId, round],
    );
    if (row === undefined || row.others > 0) throw new Error('not every message was accepted');
    return (row.at.getTime() - planned.getTime()) / 1_000;
  }

  close(): Promise<void> {
    return this.hints.close();
  }

  private async isAtIt(): Promise<boolean> {
    const row = await queryOne(
      this.orm.em.fork(),
      `select from message where campaign_id = $1 and channel = 'email' and state = any('{planned,claimed,submitting}') limit 1`,
      [this.campaignId],
    );
    return row !== undefined;
  }
}
