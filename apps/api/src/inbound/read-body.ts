import type { Request } from 'express';
import { Problem } from '../../../../libs/platform/problem.js';

/** No endpoint accepts a longer body by default. */
const longestBody = 100 * 1024;

/**
 * The body of a request, byte for byte. It is taken from `rawBody` if the host has already parsed the body.
 * @param longest the most bytes
 * @throws Problem too-large beyond them
 */
export async function readBody(request: Request & { readonly rawBody?: unknown }, longest = longestBody): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > longest) throw tooLarge(longest);
  if (Buffer.isBuffer(request.rawBody)) return within(request.rawBody, longest);
  if (request.readableEnded)
    throw new Error('The body was consumed before it came to the endpoint: create the application with rawBody: true');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longest) throw tooLarge(longest);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function within(body: Buffer, longest: number): Buffer {
  if (body.length > longest) throw tooLarge(longest);
  return body;
}

function tooLarge(longest: number): Problem {
  return new Problem('too-large', `The body is longer than ${String(Math.floor(longest / 1024))} kB`);
}
