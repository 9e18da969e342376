import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The health endpoint of a process without an API. */
export interface HealthAddress {
  readonly url: string;
  /** From now on it may be ready: `report` reports this, and does not throw. */
  report(report: () => Promise<{ readonly ready: boolean }>): void;
  close(): Promise<void>;
}

/**
 * Serves `GET /health/live`, which answers as long as the process does, and `GET /health/ready`, which answers 503 if something is missing
 * or not started yet: the same two as the api's.
 * @param port 0 for any free one
 * @throws Error if the port is taken
 */
export async function openHealthAddress({ host, port }: { readonly host: string; readonly port: number }): Promise<HealthAddress> {
  let report = (): Promise<{ readonly ready: boolean }> => Promise.resolve({ ready: false });
  const server = createServer((request, response) => {
    const path = request.method === 'GET' || request.method === 'HEAD' ? request.url : undefined;
    if (path === '/health/live') answer(response, 200, { live: true });
    else if (path === '/health/ready') void report().then((body) => answer(response, body.ready ? 200 : 503, body));
    else answer(response, 404, { title: 'There is only GET /health/live and GET /health/ready' });
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    report: (given) => {
      report = given;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}
