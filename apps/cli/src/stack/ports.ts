import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { portNames, StackProblem, type PortName } from './part.js';

const remembered = z.partialRecord(z.enum(portNames), z.int().min(1).max(65535));

/** The ports that the caller of a stack wants. */
export interface PortWishes {
  /** Must be used, or the start fails. `by` is the place where the caller set it. */
  readonly set?: Partial<Record<PortName, { readonly port: number; readonly by: string }>>;
  /** Used at the first start, if free. */
  readonly first?: Partial<Record<PortName, number>>;
}

/** Ports in sent messages: they are never changed automatically. */
const inLinks: readonly PortName[] = ['http'];

/**
 * Gives every part a port on loopback: the one that the caller set, otherwise the one of the last time, otherwise the one for a first
 * start, otherwise any. All are reserved until each part has one, so that no two are the same.
 * @throws StackProblem if another program has a port that was set, or that links in sent messages name
 */
export async function takePorts(dataDir: string, { set = {}, first = {} }: PortWishes): Promise<Record<PortName, number>> {
  const file = join(dataDir, 'ports.json');
  const last = await lastTime(file);
  const servers: Server[] = [];
  const ports = {} as Record<PortName, number>;
  try {
    for (const name of [...portNames].sort((a, b) => Number(b in set) - Number(a in set))) {
      const server = await takeOne(name, set[name], last[name], first[name]);
      servers.push(server);
      ports[name] = portOf(server);
    }
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
  await writeFile(file, JSON.stringify(ports));
  return ports;
}

async function takeOne(
  name: PortName,
  set: { readonly port: number; readonly by: string } | undefined,
  last: number | undefined,
  first: number | undefined,
): Promise<Server> {
  if (set !== undefined) {
    const server = await hold(set.port);
    if (server === null)
      throw new StackProblem(`Port ${set.port} (${set.by}) is taken by another program: stop that program, or set another port.`);
    return server;
  }
  const again = await hold(last);
  if (again !== null) return again;
  if (last !== undefined && inLinks.includes(name)) {
    throw new StackProblem(
      `Port ${last}, which links in sent messages name, is taken by another program: stop that program, or set PERENNIAL_HTTP_PORT to another port, with which those links stop working.`,
    );
  }
  const server = (await hold(first)) ?? (await hold(0));
  if (server === null) throw new Error('no free port on 127.0.0.1');
  return server;
}

/** Empty at the first start, and for a file that a crash left incomplete. */
async function lastTime(file: string): Promise<Partial<Record<PortName, number>>> {
  try {
    return remembered.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}

function hold(port: number | undefined): Promise<Server | null> {
  if (port === undefined) return Promise.resolve(null);
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return address.port;
}
