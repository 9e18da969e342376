import express, { type Request, type RequestHandler } from 'express';
import { messageOf } from '../../../../libs/platform/message-of.js';
import { Problem } from '../../../../libs/platform/problem.js';
import { isStorable, notStorable } from '../../../../libs/platform/storable.js';

/** The most that a request of the control api may carry. */
const bodyLimit = 1_048_576;
/** Lists and objects within each other: more than anything asks for, and far from where a recursive function ends. */
const deepest = 100;
const textTypes = ['text/yaml', 'text/x-yaml', 'application/yaml', 'application/x-yaml', 'text/plain'];

/** JSON, and a campaign's YAML as text; neither with what could not be stored. Other endpoints read their bodies themselves. */
export function bodyParsers(): RequestHandler[] {
  return [
    express.raw({ limit: bodyLimit, type: () => true }),
    (request, _response, next) => {
      if (Buffer.isBuffer(request.body)) request.body = read(request.body, request);
      next(errorIn(request.body));
    },
  ];
}

/** @throws Problem if the bytes are not what the request says they are */
function read(bytes: Buffer, request: Request): unknown {
  if (request.is(['json', '+json']) !== false) return bytes.length === 0 ? {} : parseJson(textOf(bytes, request));
  if (request.is(textTypes) !== false) return textOf(bytes, request);
  if (bytes.length === 0) return undefined;
  const type = request.headers['content-type'];
  const title = type === undefined ? 'The body has no Content-Type' : 'A body of this Content-Type cannot be read';
  throw new Problem('unsupported', title, [], 'Send JSON with Content-Type: application/json, or a campaign as text/yaml.');
}

/** Decoding must not put U+FFFD in: two different texts would become the same. */
function textOf(bytes: Buffer, request: Request): string {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  const remedy = 'Encode the body as UTF-8.';
  if (!/^utf-?8$/i.test(charset)) {
    throw new Problem('invalid', 'The body is not UTF-8', [{ where: 'Content-Type', what: `names the charset ${charset}` }], remedy);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('invalid', 'The body is not valid UTF-8', [], remedy);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem(
      'invalid',
      'The body is not valid JSON',
      [{ where: 'the request', what: messageOf(error) }],
      'Send well-formed JSON.',
    );
  }
}

/** What makes a body unfit to be stored, as PostgreSQL would find; looked for before anything is done. */
function errorIn(body: unknown): Problem | undefined {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return unfit(`is nested deeper than ${String(deepest)} levels`);
    if (level.some((value) => typeof value === 'string' && !isStorable(value))) return unfit(notStorable);
    const inner = level.filter((value) => typeof value === 'object' && value !== null);
    const keys = inner.flatMap((value) => Object.keys(value));
    if (!keys.every(isStorable)) return unfit(notStorable);
    // Schemas leave this key out without a word.
    if (keys.includes('__proto__')) return unfit('has the key __proto__');
    level = inner.flatMap((value) => Object.values(value) as unknown[]);
  }
  return undefined;
}

function unfit(what: string): Problem {
  return new Problem('invalid', 'The body cannot be stored', [{ where: 'the request', what }]);
}
