import { IsolationLevel, type EntityManager, type MikroORM } from '@mikro-orm/postgresql';
import { Problem } from '../platform/problem.js';
import { query, queryOne } from './sql.js';
import { explainLimit, limitStatements } from './statement-limit.js';

/** Reads that may take seconds: counts over all customers, reports, exports. They have a pool of their own. */
export interface HeavyWork {
  /**
   * Reads one snapshot, in a transaction that can only read. Waits for its turn if the most are already running.
   * @param gone aborted when nobody waits for the answer: the statement in PostgreSQL is then cancelled
   * @param limitMs real milliseconds that each statement may take
   * @throws Problem `unavailable` if a statement took longer, too many wait already, or the caller has gone
   */
  run<Result>(gone: AbortSignal, work: (em: EntityManager) => Promise<Result>, limitMs?: number): Promise<Result>;
  close(): Promise<void>;
}

export interface HeavyWorkLimits {
  /** The most that run at once. */
  readonly atOnce: number;
  /** The most that may wait for their turn. */
  readonly waiting: number;
  /** Real milliseconds for one statement. */
  readonly limitMs: number;
}

const usual: HeavyWorkLimits = { atOnce: 4, waiting: 50, limitMs: 20_000 };
/** Real milliseconds between two cancels: the cancelled work may be between two statements. */
const againMs = 250;

/**
 * Opens the pool for heavy work. One additional connection cancels work that nobody waits for.
 * @param open opens the database with a pool of this many connections
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
        // Before the connection is released: a late cancel would hit its next user.
        await canceller.end();
      }
    },
    { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true },
  );
}

/** Cancels the statements of a connection after its caller has gone, until its work has ended. */
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

/** Lets this many run at once, in the order of arrival. */
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
