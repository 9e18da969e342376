import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StackProblem } from './part.js';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';
import { until } from './until.js';

/** How to run a program and how to know that it is ready. */
export interface ProgramOrder {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly dataDir: string;
  readonly cwd?: string;
  /** A different user than this process's own, which needs root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True when it is ready; an error means that it never will be. */
  readonly ready: () => Promise<boolean>;
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
}

export interface Program {
  readonly pid: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const startDeadlineMs = 60_000;
const stopDeadlineMs = 15_000;

const logsOf = (dataDir: string): string => join(dataDir, 'logs');
export const pidsOf = (dataDir: string): string => join(dataDir, 'pids');

/**
 * Starts a program in a process group of its own, so that Ctrl-C reaches only the stack, which then stops its parts in order. Its output
 * goes to `logs/<name>.log`, and `pids/<name>.json` lets the next start find programs that a killed stack left running.
 * @throws StackProblem with the end of its output if it ends before it is ready, or is not ready in time
 */
export async function runProgram(order: ProgramOrder): Promise<Program> {
  const logFile = join(logsOf(order.dataDir), `${order.name}.log`);
  const pidFile = join(pidsOf(order.dataDir), `${order.name}.json`);
  await mkdir(logsOf(order.dataDir), { recursive: true });
  await mkdir(pidsOf(order.dataDir), { recursive: true });
  const output = await open(logFile, 'w');
  const child = spawn(order.path, order.args, {
    stdio: ['ignore', output.fd, output.fd],
    detached: true,
    cwd: order.cwd ?? order.dataDir,
    env: { ...order.env },
    ...order.user,
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code === null ? `it was ended by ${String(signal)}` : `it ended with code ${code}`));
  });
  const isOver = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  await output.close();
  const identity = child.pid === undefined ? null : await identify(child.pid);
  if (identity !== null) await writeFile(pidFile, JSON.stringify(identity));

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!isOver()) child.kill(signal);
    const timeoutMs = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
    await ended;
    clearTimeout(timeoutMs);
    await rm(pidFile, { force: true });
  };
  const serves = await until(async () => isOver() || (await order.ready()), startDeadlineMs).catch(async (error: unknown) => {
    await end('SIGKILL');
    throw error;
  });
  if (!serves || child.pid === undefined || isOver()) {
    const reason = isOver() ? await ended : `it did not answer within ${startDeadlineMs / 1000} seconds`;
    await end('SIGKILL');
    throw new StackProblem(`${order.title} did not start (${order.path}): ${reason}.\n${await tail(logFile)}`.trimEnd());
  }
  return { pid: child.pid, stop: () => end(order.stopSignal), kill: () => end('SIGKILL') };
}

async function tail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-6).join('\n');
}

/** Ends a program that a killed stack left running. */
export async function endLeftover(identity: ProcessIdentity): Promise<void> {
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    if (!(await isAlive(identity))) return;
    try {
      process.kill(identity.pid, signal);
    } catch {
      return; // it ended between the question and the signal
    }
    if (await until(async () => !(await isAlive(identity)), stopDeadlineMs)) return;
  }
}
