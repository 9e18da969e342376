import { setTimeout as sleep } from 'node:timers/promises';
import { createHints, type DispatchHints } from '../../libs/messaging/dispatch/hints.js';
import { query, queryOne } from '../../libs/persistence/sql.js';
import { createLogger } from '../../libs/platform/log.js';
import type { Rule } from '../../apps/sandbox/behaviour.js';
import { waitFor } from '../harness/wait-for.js';
import type { MadeCampaign } from '../harness/factories.js';
import { drawBooks, readLedger, type Books } from './books.js';
import { Standby } from './dispatcher-child.js';
import { letLeasesLapse, listedByCommand, reconcileAll, sendTheRest } from './finale.js';
import { openCampaign, planMessages } from './population.js';
import { crashChannels, schedule, type Round, type Weather } from './schedule.js';
import { startCrashStage, type CrashStage } from './stage.js';
import { Witness } from './witness.js';

export interface CrashOptions {
  /** The folder of the compiled processes. */
  readonly programs: string;
  readonly seed: string;
  readonly kills: number;
  /** How many messages are planned at first; more are where the kills come slower than the sending. */
  readonly messages: number;
  readonly log: (line: string) => void;
}

/** One kill, and what it left between its mark and the settlement. */
export interface Kill {
  /** `random` for one from outside. */
  readonly at: string;
  readonly left: readonly string[];
}

export interface CrashResult {
  readonly kills: readonly Kill[];
  readonly messages: number;
  readonly books: Books;
  /** Left by a kill, and settled since. */
  readonly reconciled: readonly string[];
  /** What is unknown and not listed by the command: nothing may be. */
  readonly unlisted: readonly string[];
  readonly inFlight: number;
  readonly seconds: number;
}

const providers: Readonly<Record<Weather, readonly Rule[]>> = {
  fair: [],
  slow: [{ delayMs: 60 }],
  cutting: [{ times: 1, then: { kind: 'cut' } }, { delayMs: 20 }],
};
/** Real milliseconds for a dispatcher to reach where it is to die; then it is killed from outside. */
const timeoutMs = 10_000;
/** Customers planned at a time, and how few messages of a channel may be left before. */
const wave = 500;
const stock = 500;

/** Kills dispatchers over a ledger with real rows until the books can be drawn. PostgreSQL, Valkey and witnesses live on. */
export async function crash(options: CrashOptions): Promise<CrashResult> {
  const began = performance.now();
  const stage = await startCrashStage(options.seed);
  const standby = new Standby(options.programs, stage.env, 2);
  const hints = createHints(stage.settings.redis.url, createLogger('crash test', 'silent'));
  try {
    const campaign = await openCampaign(stage.em(), 'crash');
    const witness = new Witness(stage.sink, stage.twilio);
    for (let planned = 0; planned < options.messages;) planned += await planMessages(stage.em(), campaign, wave, stage.clock.now());
    options.log(`${options.messages} messages planned; ${options.kills} kills to come`);

    const kills: Kill[] = [];
    for (const round of schedule(options.seed, options.kills)) {
      await keepStock(stage, campaign);
      const at = await live(round, { stage, standby, hints, witness });
      kills.push({ at, left: await leftBehind(stage) });
      await letLeasesLapse(stage);
      witness.read();
      if (kills.length % 20 === 0) options.log(`${kills.length} kills, ${witness.count} messages sent`);
    }

    for (const double of [stage.sink, stage.twilio]) double.behave([]);
    await sendTheRest(stage, standby, 300_000);
    await stage.twilio.settled();
    await reconcileAll(stage);
    witness.read();
    const entries = await readLedger(stage.em(), (id) => witness.times(id));
    const books = drawBooks(entries);
    const listed = await listedByCommand(stage, options.programs);
    const open = new Set(books.unknown);
    return {
      kills,
      messages: entries.length,
      books,
      reconciled: [...new Set(kills.flatMap(({ left }) => left))].filter((id) => !open.has(id)),
      unlisted: books.unknown.filter((id) => !listed.has(id)),
      inFlight: stage.settings.inFlight,
      seconds: (performance.now() - began) / 1_000,
    };
  } finally {
    await hints.close();
    await standby.close();
    await stage.close();
  }
}

interface Around {
  readonly stage: CrashStage;
  readonly standby: Standby;
  readonly hints: DispatchHints;
  readonly witness: Witness;
}

/** One life of a dispatcher. @returns where it died */
async function live(round: Round, { stage, standby, hints, witness }: Around): Promise<string> {
  for (const double of [stage.sink, stage.twilio]) double.behave(providers[round.weather]);
  const before = witness.count;
  const dispatcher = standby.take();
  const companion = round.inPair ? standby.take() : undefined;
  await Promise.all([companion?.go(), dispatcher.go(round.aim)]);
  for (const channel of crashChannels) await hints.hint(channel);

  let at = round.aim === undefined ? 'random' : `${round.aim.boundary} ${round.aim.channel}`;
  if (round.aim === undefined) {
    await waitFor(() => witness.count > before, timeoutMs, 1).catch(() => undefined);
    await sleep(round.afterMs);
    dispatcher.kill();
  }
  const giveUp = setTimeout(() => {
    at = 'random';
    dispatcher.kill();
  }, timeoutMs);
  const signal = await dispatcher.ended;
  clearTimeout(giveUp);
  if (signal !== 'SIGKILL') throw new Error(`A dispatcher ended on its own: ${dispatcher.lastWords}`);
  // What the other one has in hand is settled before it closes: what is left then is the dead one's.
  await companion?.close();
  return at;
}

const leftBehind = async (stage: CrashStage): Promise<string[]> =>
  (await query<{ id: string }>(stage.em(), `select id from message where state = 'submitting'`)).map(({ id }) => id);

async function keepStock(stage: CrashStage, campaign: MadeCampaign): Promise<void> {
  const row = await queryOne<{ least: number }>(
    stage.em(),
    `select coalesce(min(count), 0)::int as least
     from (select count(*) filter (where state = 'planned') as count from message group by channel) per_channel`,
  );
  if ((row?.least ?? 0) < stock) await planMessages(stage.em(), campaign, wave, stage.clock.now());
}
