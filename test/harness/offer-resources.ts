import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ResourceName } from './resource.js';
import { built } from './built.js';
import { TestServers } from './test-servers.js';

/**
 * Makes each resource at the first request, and returns the same one from then on. Jest's main process does this, because its workers come
 * and go and share only their environment.
 */
export async function offerResources(): Promise<{ readonly address: string; readonly close: () => Promise<void> }> {
  const servers = new TestServers();
  const makers: Readonly<Record<ResourceName, () => Promise<string>>> = {
    postgresql: () => servers.postgresql(),
    redis: () => servers.redis(),
    'temporal-test-server': () => servers.temporalTestServer(),
    'temporal-dev-server': () => servers.temporalDevServer(),
    data: () => servers.data(),
    server: () => built('server'),
    console: () => built('console'),
  };
  const made = new Map<string, Promise<string>>();
  const make = (name: string): Promise<string> => {
    const maker = Object.entries(makers).find(([each]) => each === name)?.[1];
    const resource = made.get(name) ?? maker?.() ?? Promise.reject(new Error(`There is no resource ${name}`));
    made.set(name, resource);
    return resource;
  };

  const server = createServer((request, response) => {
    // A kept connection may be closed just when the next spec uses it.
    response.setHeader('connection', 'close');
    make((request.url ?? '').slice(1)).then(
      (value) => response.end(value),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await Promise.allSettled(made.values());
      await servers.stop();
    },
  };
}
