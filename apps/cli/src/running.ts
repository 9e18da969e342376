import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MikroORM } from '@mikro-orm/postgresql';
import { readSettings, type Settings } from '../../../config/settings.js';
import { openOrm } from '../../../libs/schema/orm.js';
import { requireDatabase } from '../../../libs/persistence/require-database.js';
import { createClock, type Clock } from '../../../libs/platform/clock.js';

const file = (dataDir: string): string => join(dataDir, 'running.json');

/** The default folder of a laptop's stack. */
export const defaultDataDir = '.perennial';

/** Stores the settings of a running stack for other commands, readable only by its owner. */
export async function announce(dataDir: string, env: Readonly<Record<string, string>>): Promise<void> {
  await writeFile(file(dataDir), JSON.stringify({ pid: process.pid, env }), { mode: 0o600 });
}

export async function withdraw(dataDir: string): Promise<void> {
  await rm(file(dataDir), { force: true });
}

/** The settings of a command: from the environment if it names a database, otherwise those that `perennial up` or `perennial demo` stored. */
export async function currentSettings(dataDir: string): Promise<Settings> {
  if (process.env['PERENNIAL_DATABASE_URL'] !== undefined) return readSettings(process.env);
  const announced = await announcement(dataDir);
  if (announced === undefined || !isAlive(announced.pid)) {
    throw new Error(
      `Nothing is running in ${dataDir}. Start it with \`perennial up\` in another terminal; if it runs in another folder, name that with --data. Or set PERENNIAL_DATABASE_URL and the other settings.`,
    );
  }
  return readSettings(announced.env);
}

/** Whether a command could reach a running product. */
export async function isRunning(dataDir: string): Promise<boolean> {
  if (process.env['PERENNIAL_DATABASE_URL'] !== undefined) return true;
  const announced = await announcement(dataDir);
  return announced !== undefined && isAlive(announced.pid);
}

/** What a command needs that works with the data. */
export interface Product {
  readonly settings: Settings;
  readonly orm: MikroORM;
  readonly clock: Clock;
}

/** Opens the product for one command; closed again whatever happens. */
export async function withProduct<Result>(dataDir: string, work: (product: Product) => Promise<Result>): Promise<Result> {
  const settings = await currentSettings(dataDir);
  const orm = await openOrm(settings.database);
  try {
    await requireDatabase(orm, settings.database.url);
    return await work({ settings, orm, clock: createClock(settings.clock) });
  } finally {
    await orm.close();
  }
}

async function announcement(dataDir: string): Promise<{ pid: number; env: Record<string, string> } | undefined> {
  try {
    return JSON.parse(await readFile(file(dataDir), 'utf8')) as { pid: number; env: Record<string, string> };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
