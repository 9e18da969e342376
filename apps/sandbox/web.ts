import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request to a double, with its body read. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Closes the connection without an answer. */
  hangUp(): void;
}

export interface Answer {
  readonly status: number;
  readonly type: 'application/json' | 'text/html; charset=utf-8';
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Web {
  readonly port: number;
  close(): Promise<void>;
}

export const json = (value: unknown, status = 200): Answer => ({ status, type: 'application/json', body: JSON.stringify(value) });

/** A page that may show text of strangers: it runs no scripts and loads nothing. */
export const page = (title: string, content: Html): Answer => ({
  status: 200,
  type: 'text/html; charset=utf-8',
  headers: { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-src 'self'" },
  body: markup`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${title}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8884; vertical-align: top }
iframe { width: 100%; height: 32rem; border: 1px solid #8884; background: #fff }
pre { white-space: pre-wrap }
</style>
<h1>${title}</h1>${content}`.text,
});

/** Text that is safe to show in a page. */
export class Html {
  constructor(readonly text: string) {}
}

/** Puts values into HTML: texts are escaped, pieces made with `markup` are not. */
export function markup(parts: TemplateStringsArray, ...values: readonly (string | number | Html | readonly Html[])[]): Html {
  return new Html(parts.reduce((text, part, index) => text + render(values[index - 1] ?? '') + part));
}

function render(value: string | number | Html | readonly Html[]): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Serves on loopback. An error in `answer` becomes a 500 with its text: a double has no secrets. */
export async function serve(port: number, answer: (asked: Asked) => Promise<Answer | null>): Promise<Web> {
  const server = createServer((request, response) => {
    handle(request, response, answer).catch((error: unknown) => send(response, json({ error: String(error) }, 500)));
  });
  server.keepAliveTimeout = 30_000;
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, answer: (asked: Asked) => Promise<Answer | null>): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const asked: Asked = {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', 'http://127.0.0.1'),
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    hangUp: () => request.socket.destroy(),
  };
  const reply = await answer(asked);
  if (reply === null) asked.hangUp();
  else send(response, reply);
}

function send(response: ServerResponse, { status, type, body, headers }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
