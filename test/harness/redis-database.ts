import { Redis } from 'ioredis';
import { resource } from './resource.js';

/**
 * Redis has sixteen databases. The first one has a counter, and each caller gets one of the others, so that hints of another spec's
 * dispatcher do not interfere.
 */
export async function redisDatabase(): Promise<string> {
  const url = new URL(await resource('redis'));
  const client = new Redis(url.href);
  try {
    const taken = await client.incr('perennial:test-databases');
    const database = 1 + (taken % 15);
    await client.select(database);
    await client.flushdb();
    url.pathname = `/${database}`;
    return url.href;
  } finally {
    client.disconnect();
  }
}
