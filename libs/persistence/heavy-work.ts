import { IsolationLevel, type EntityManager, type MikroORM } from '@mikro-orm/postgresql';
import { Problem } from '../platform/problem.js';
import { query, queryOne } from './sql.js';
import { explainLimit, limitStatements } from './statement-limit.js';

/** Reads that may take seconds: counts over all customers, reports, exports. They have a pool of their own. */
export interface HeavyWork {
  /**
   * Reads one snapshot, in a transaction that can only read. Waits for its turn where as many are under way as may be.
   * @param gone aborted once nobody waits for the answer any more: what runs in PostgreSQL is cancelled then
   * @param limitMs real milliseconds that each statement may take
   * @throws Problem `unavailable` if a statement took longer, too many wait already, or the caller has gone
   */
  run<Result>(gone: AbortSignal, work: (em: EntityManager) => Promise<Result>, limitMs?: number): Promise<Result>;
  close(): Promise<void>;
}

export interface HeavyWorkLimits {
  /** Under way at once. */
  readonly atOnce: number;
  /** That may wait for their turn. */
  readonly waiting: number;
  /** Real milliseconds of one statement. */
  readonly limitMs: number;
}

const usual: HeavyWorkLimits = { atOnce: 4, waiting: 50, limitMs: 20_000 };
/** Real milliseconds between two cancels: the work of one who has gone may be between two statements. */
const againMs = 250;

/**
 * Opens the pool for heavy work. One connection more than may be under way cancels what nobody waits for.
 * @param open opens the database with a pool of so many connections
 */
export async function openHeavyWork(open: (pool: number) => Promise<MikroORM>, limits: Partial<HeavyWorkLimits> = {}): Promise<HeavyWork> {
  const { atOnce, waiting, limitMs: usualLimitMs } = { ...usual, ...limits };
  const orm = await open(atOnce + 1);
  const turns = new Turns(atOnce, waiting);
  return {
    run: async (gone, work, limitMs = usualLimitMs) => {
      await turns.take(gone);
      try {
        return await read(orm, gone, work, limitMs);
      } catch (error) {
        if (gone.aborted) throw callerGone();
        throw explainLimit(error, limitMs);
      } finally {
        turns.giveBack();
      }
    },
    close: () => orm.close(),
  };
}

async function read<Result>(
  orm: MikroORM,
  gone: AbortSignal,
  work: (em: EntityManager) => Promise<Result>,
  limitMs: number,
): Promise<Result> {
  return orm.em.fork().transactional(
    async (tx) => {
      await limitStatements(tx, limitMs);
      const backend = await queryOne<{ pid: number }>(tx, 'select pg_backend_pid() as pid');
      const canceller = new Canceller(orm, backend?.pid ?? 0, gone);
      try {
        return await work(tx);
      } finally {
        // Before the connection goes back: a late cancel would hit whoever has it next.
        await canceller.end();
      }
    },
    { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true },
  );
}

/** Cancels what a connection runs, once its caller has gone and until its work has ended. */
class Canceller {
  private timer: NodeJS.Timeout | undefined;
  private cancelling: Promise<unknown> = Promise.resolve();
  private ended = false;

  constructor(
    private readonly orm: MikroORM,
    private readonly pid: number,
    private readonly gone: AbortSignal,
  ) {
    if (gone.aborted) this.cancel();
    else gone.addEventListener('abort', this.cancel, { once: true });
  }

  async end(): Promise<void> {
    this.ended = true;
    this.gone.removeEventListener('abort', this.cancel);
    clearTimeout(this.timer);
    await this.cancelling;
  }

  private readonly cancel = (): void => {
    this.cancelling = query(this.orm.em.fork(), 'select pg_cancel_backend($1)', [this.pid])
      .catch(() => undefined)
      .then(() => {
        if (!this.ended) this.timer = setTimeout(this.cancel, againMs);
      });
  };
}

/** Lets so many through at once, in the order in which they came. */
class Turns {
  private free: number;
  private readonly queue: (() => void)[] = [];

  constructor(
    atOnce: number,
    private readonly waiting: number,
  ) {
    this.free = atOnce;
  }

  async take(gone: AbortSignal): Promise<void> {
    if (gone.aborted) throw callerGone();
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    if (this.queue.length >= this.waiting)
      throw new Problem('unavailable', 'Other reports and counts are running', [], 'Try again in a moment.');
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        gone.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.queue.splice(this.queue.indexOf(go), 1);
        reject(callerGone());
      };
      gone.addEventListener('abort', leave, { once: true });
      this.queue.push(go);
    });
  }

  giveBack(): void {
    const next = this.queue.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}

const callerGone = (): Problem => new Problem('unavailable', 'The caller did not wait for the answer');
