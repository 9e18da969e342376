import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { portNames, type PortName } from './part.js';

const remembered = z.partialRecord(z.enum(portNames), z.int().min(1).max(65535));

/**
 * Gives every part a port on loopback: the wished one, else the one it had last time, else any. A port that is taken by another program is
 * passed over. All are held until all are given, so that no two are the same.
 */
export async function takePorts(dataDir: string, wished: Partial<Record<PortName, number>>): Promise<Record<PortName, number>> {
  const file = join(dataDir, 'ports.json');
  const last = await lastTime(file);
  const held: Server[] = [];
  const ports = {} as Record<PortName, number>;
  for (const name of portNames) {
    const server = (await hold(wished[name])) ?? (await hold(last[name])) ?? (await hold(0));
    if (server === null) throw new Error('no free port on 127.0.0.1');
    held.push(server);
    ports[name] = portOf(server);
  }
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  await writeFile(file, JSON.stringify(ports));
  return ports;
}

/** Empty at the first start, and for a file that was cut short by a crash. */
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
