import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** One process of the product, restarted whenever it dies without being asked to stop. */
class SupervisedProcess {
  private child: ChildProcess | undefined;
  private stopping = false;
  restarts = 0;

  /**
   * @param program the compiled module to run
   * @param logs the folder that gets `<name>.log`
   */
  constructor(
    readonly name: string,
    private readonly program: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly logs: string,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    mkdirSync(this.logs, { recursive: true });
    const log = createWriteStream(join(this.logs, `${this.name}.log`), { flags: 'a' });
    const child = spawn(process.execPath, ['--enable-source-maps', this.program], {
      env: { PATH: process.env['PATH'], ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('exit', () => {
      log.end();
      if (this.stopping) return;
      this.restarts += 1;
      setTimeout(() => {
        if (!this.stopping) this.start();
      }, 500);
    });
    this.child = child;
  }

  /** Ends it like a power cut; it is restarted. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  /** Asks it to finish its work, and waits until it has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
}

const programs = ['api', 'worker', 'dispatcher'] as const;
export type ProgramName = (typeof programs)[number];

/** The three processes of the product, each its own, as in production. */
export class DemoProcesses {
  private readonly processes: ReadonlyMap<ProgramName, SupervisedProcess>;

  /** @param apps the folder of the compiled apps */
  constructor(apps: string, env: Readonly<Record<string, string>>, logs: string) {
    this.processes = new Map(programs.map((name) => [name, new SupervisedProcess(name, join(apps, name, 'src', 'main.js'), env, logs)]));
  }

  start(): void {
    for (const process of this.processes.values()) process.start();
  }

  /** Ends it like a power cut; the process is restarted. */
  kill(name: ProgramName): void {
    this.processes.get(name)?.kill();
  }

  get restarts(): number {
    return [...this.processes.values()].reduce((sum, process) => sum + process.restarts, 0);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.processes.values()].map((process) => process.stop()));
  }
}
