import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Aim } from './schedule.js';

/** A dispatcher in a process of its own, seen from the one that watches it. */
export class DispatcherChild {
  /** Resolves with the signal that ended it; null if it ended on its own. */
  readonly ended: Promise<NodeJS.Signals | null>;
  private readonly ready: Promise<unknown>;
  private said = '';

  private constructor(private readonly child: ChildProcess) {
    this.ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    this.ready = Promise.race([once(child, 'message'), this.ended]);
    child.stderr?.on('data', (text: Buffer) => (this.said = `${this.said}${text.toString('utf8')}`.slice(-2_000)));
  }

  /** Starts the process, which loads its modules and then waits for `go`. */
  static spawn(programs: string, env: Readonly<Record<string, string>>): DispatcherChild {
    const child = spawn(process.execPath, [join(programs, 'test', 'crash', 'dispatcher-process.js')], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    return new DispatcherChild(child);
  }

  /** Lets it dispatch, until it passes `aim` where there is one. */
  async go(aim?: Aim): Promise<void> {
    await this.ready;
    if (!this.child.connected) throw new Error(`A dispatcher ended before it began: ${this.said}`);
    this.child.send({ ...(aim !== undefined && { aim }) });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Lets it finish what it has in hand. @throws Error if it could not */
  async close(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.ended;
    if (this.child.exitCode !== 0) throw new Error(`A dispatcher did not close in order: ${this.said}`);
  }

  /** What it wrote to its standard error last. */
  get lastWords(): string {
    return this.said;
  }
}

/** Keeps a few processes loaded and waiting, since to start one takes longer than to kill it. */
export class Standby {
  private readonly waiting: DispatcherChild[] = [];

  /** @param programs the folder of the compiled processes */
  constructor(
    private readonly programs: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly size: number,
  ) {
    this.fill();
  }

  take(): DispatcherChild {
    const first = this.waiting.shift() ?? DispatcherChild.spawn(this.programs, this.env);
    this.fill();
    return first;
  }

  async close(): Promise<void> {
    for (const child of this.waiting) child.kill();
    await Promise.all(this.waiting.splice(0).map(({ ended }) => ended));
  }

  private fill(): void {
    while (this.waiting.length < this.size) this.waiting.push(DispatcherChild.spawn(this.programs, this.env));
  }
}
