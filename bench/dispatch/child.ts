import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A process of the bench. */
export class Child {
  private constructor(private readonly child: ChildProcess) {}

  /** @param module its program, from the folder of benches */
  static start(module: string, env: Readonly<Record<string, string>> = {}): Child {
    return new Child(fork(fileURLToPath(new URL(`../${module}`, import.meta.url)), { env: { ...process.env, ...env } }));
  }

  /** Its next message. */
  hear<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`a process of the bench ended with ${String(code)}`));
      this.child.once('exit', ended);
      this.child.once('message', (said) => {
        this.child.off('exit', ended);
        resolve(said as T);
      });
    });
  }

  ask<T>(question: object): Promise<T> {
    const answer = this.hear<T>();
    this.child.send(question);
    return answer;
  }

  /** Processor time so far, in milliseconds (Linux: proc(5), fields 14 and 15 in hundredths of a second). */
  processorMs(): number {
    const fields = this.proc('stat').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  /** Its peak memory in megabytes. */
  peakMb(): number {
    return Number(/VmHWM:\s+(\d+)/.exec(this.proc('status'))?.[1]) / 1_024;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await gone;
  }

  private proc(file: string): string {
    return readFileSync(`/proc/${String(this.child.pid)}/${file}`, 'utf8');
  }
}
