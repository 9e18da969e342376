import type { MikroORM } from '@mikro-orm/postgresql';
import type { Connection } from '@temporalio/client';
import { queryOne } from '../../libs/persistence/sql.js';
import type { Logger } from '../../libs/platform/log.js';
import { messageOf } from '../../libs/platform/message-of.js';

/** The most real milliseconds that a check may take. */
const timeoutMs = 2_000;

/** What a process needs for its work, by name. A check that throws has failed. */
export type Checks<Name extends string> = Readonly<Record<Name, () => boolean | Promise<boolean>>>;

/** Whether each check passes, and whether all do. */
export type Readiness<Name extends string> = { readonly ready: boolean } & Readonly<Record<Name, boolean>>;

/** Runs all checks at once. A check that does not answer in time has failed; failures are logged with their cause. */
export async function askAll<Name extends string>(checks: Checks<Name>, log: Logger): Promise<Readiness<Name>> {
  const names = Object.keys(checks) as Name[];
  const answers = await Promise.all(
    names.map(async (name) => {
      try {
        return [name, await inTime(checks[name]())] as const;
      } catch (error) {
        log.warn({ check: name, error: messageOf(error) }, 'a health check failed');
        return [name, false] as const;
      }
    }),
  );
  const results = Object.fromEntries(answers) as Record<Name, boolean>;
  return { ready: answers.every(([, holds]) => holds), ...results };
}

async function inTime(answer: boolean | Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Whether PostgreSQL answers. */
export async function postgresqlAnswers(orm: MikroORM): Promise<boolean> {
  await queryOne(orm.em.fork(), 'select 1');
  return true;
}

/** Whether Temporal's frontend answers. */
export async function temporalAnswers(connection: Connection): Promise<boolean> {
  await connection.withDeadline(Date.now() + timeoutMs, () => connection.workflowService.getSystemInfo({}));
  return true;
}

/** Shows whether a task that should run about every second has run recently. */
export class Pulse {
  private last: number;

  /** @param now real milliseconds, from any starting point */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.last = now();
  }

  /** Records that the task has run. */
  beat(): void {
    this.last = this.now();
  }

  /** False if it has not run for half a minute: a task that is only slow, or being retried, still has a pulse. */
  get steady(): boolean {
    return this.now() - this.last < 30_000;
  }
}
