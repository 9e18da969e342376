import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { WorkflowClient } from '@temporalio/client';
import { Redis } from 'ioredis';
import { query } from '../../libs/persistence/sql.js';
import { entities } from '../../libs/schema/entities.js';

/* Finds words in stores. Each function returns the places, so that a spec can report them. */

/** Every table that contains one of these words, in any column. */
export async function traces(em: EntityManager, words: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const tables = await query<{ name: string }>(
    em,
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  expect(tables.length).toBeGreaterThanOrEqual(entities.length);
  for (const { name } of tables) {
    for (const word of words) {
      const rows = await query(em, `select 1 from "${name}" t where position(lower($1) in lower(to_jsonb(t)::text)) > 0 limit 1`, [word]);
      if (rows.length > 0) found.push(`${name}: ${word}`);
    }
  }
  return found;
}

/** The texts that contain one of these words. */
export function tracesIn(texts: readonly string[], words: readonly string[]): string[] {
  return texts.flatMap((text) => {
    const plain = text.toLowerCase();
    const word = words.find((each) => plain.includes(each.toLowerCase()));
    return word === undefined ? [] : [`${word}: ${text.slice(0, 2_000)}`];
  });
}

/**
 * Everything that Temporal shows about all its workflows: histories, memos, search attributes, present failures. Payloads are decoded as
 * text.
 */
export async function saidByTemporal(workflows: WorkflowClient): Promise<string[]> {
  const said: string[] = [];
  for await (const { workflowId, runId } of workflows.list()) {
    const handle = workflows.getHandle(workflowId, runId);
    const { raw } = await handle.describe();
    said.push(textIn(raw), textIn(await handle.fetchHistory()));
  }
  return said;
}

/** All content of a structure, with bytes decoded as text. */
export function textIn(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value).map(textIn).join('\n');
}

/** Listens to every command to Redis, because jobs are deleted when they are done. */
export async function listenToRedis(url: string): Promise<{ readonly said: readonly string[]; close(): void }> {
  const client = new Redis(url);
  const monitor = await client.monitor();
  const said: string[] = [];
  monitor.on('monitor', (_time: string, args: readonly string[]) => void said.push(args.join(' ')));
  return {
    said,
    close: () => {
      monitor.disconnect();
      client.disconnect();
    },
  };
}

/** The text in the files of a folder. */
export async function saidInFiles(folder: string): Promise<string[]> {
  const said: string[] = [];
  for await (const entry of glob('**', { cwd: folder, withFileTypes: true })) {
    if (entry.isFile()) said.push(await readFile(join(entry.parentPath, entry.name), 'latin1'));
  }
  return said;
}
