import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchText } from './inbound-fetch.js';

let server: Server;
let asked: string[];
const answers: Readonly<Record<string, RequestListener>> = {
  '/text': (_, response) => response.end('a certificate, ü'),
  '/gone': (_, response) => response.writeHead(404).end('none'),
  '/away': (_, response) => response.writeHead(302, { location: '/text' }).end(),
  '/long': (_, response) => response.end('x'.repeat(100_001)),
  // Without a length; it ends only when the reader goes away.
  '/endless': (_, response) => {
    const write = (): void => {
      if (!response.destroyed) response.write('x'.repeat(10_000), () => setImmediate(write));
    };
    write();
  },
};
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answers[request.url ?? '']?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});
beforeEach(() => (asked = []));

const get = (path: string): Promise<string> => fetchText(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);

describe('what a webhook fetches', () => {
  it('is a text', async () => {
    expect(await get('/text')).toBe('a certificate, ü');
  });

  it.each(['/gone', '/long', '/endless'])('is missing at %s', async (path) => {
    await expect(get(path)).rejects.toThrow('Answered');
  });

  it('is never fetched from another address', async () => {
    await expect(get('/away')).rejects.toThrow();
    expect(asked).toEqual(['/away']);
  });
});
