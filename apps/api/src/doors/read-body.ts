import type { Request } from 'express';
import { Problem } from '../../../../libs/platform/problem.js';

/** No door takes a longer body. */
export const longestBody = 100 * 1024;

/**
 * The body of a request, byte for byte. It is taken from `rawBody` where the host has parsed bodies before.
 * @throws Problem too-large beyond 100 kB
 */
export async function readBody(request: Request & { readonly rawBody?: unknown }): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > longestBody) throw tooLarge();
  if (Buffer.isBuffer(request.rawBody)) return within(request.rawBody);
  if (request.readableEnded) throw new Error('The body was consumed before it came to a door: create the application with rawBody: true');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function within(body: Buffer): Buffer {
  if (body.length > longestBody) throw tooLarge();
  return body;
}

function tooLarge(): Problem {
  return new Problem('too-large', 'The body is longer than 100 kB');
}
