import express, { type Request, type RequestHandler, type Response } from 'express';
import { unfitIn } from '../../../../libs/platform/bounds.js';
import { messageOf } from '../../../../libs/platform/message-of.js';
import { Problem } from '../../../../libs/platform/problem.js';

/** The limit of a body. */
export interface BodyLimit {
  readonly bytes: number;
  /** The advice for a larger body. */
  readonly remedy: string;
}

/** The largest body of a request to the control API, unless its endpoint says otherwise. */
const general: BodyLimit = { bytes: 1_048_576, remedy: 'Send at most 1 MB; split a larger batch.' };

/** Nesting of lists and objects: more than anything needs, and far below the limit of a recursive function. */
const deepest = 100;
/** The most places in one answer. */
const mostPlaces = 100;
const textTypes = ['text/yaml', 'text/x-yaml', 'application/yaml', 'application/x-yaml', 'text/plain'];

/**
 * Reads the body of a request: JSON, and a campaign's YAML as text; both without forbidden characters.
 * @param but requests whose endpoint reads its body itself
 */
export function bodyParser(but: (request: Request) => boolean): RequestHandler {
  return (request, response, next) => {
    if (but(request)) next();
    else readBody(request, response, general).then(() => next(), next);
  };
}

/** The same for one request. @throws Problem if the body is larger, or cannot be read */
export async function readBody(request: Request, response: Response, limit: BodyLimit): Promise<void> {
  await bytesOf(request, response, limit);
  if (Buffer.isBuffer(request.body)) request.body = read(request.body, request);
  const error = errorIn(request.body);
  if (error !== undefined) throw error;
}

async function bytesOf(request: Request, response: Response, limit: BodyLimit): Promise<void> {
  const raw: RequestHandler = express.raw({ limit: limit.bytes, type: () => true });
  await new Promise<void>((resolve, reject) => {
    raw(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(isTooLarge(error) ? tooLarge(error.length, limit) : (error as Error));
    });
  });
}

/** From the body parser; `length` is the announced length, if there is one. */
function isTooLarge(error: unknown): error is { readonly length?: number } {
  return typeof error === 'object' && error !== null && 'type' in error && error.type === 'entity.too.large';
}

function tooLarge(announced: number | undefined, { bytes, remedy }: BodyLimit): Problem {
  const size = announced === undefined ? `more than ${String(bytes)} bytes` : `${String(announced)} bytes`;
  return new Problem(
    'too-large',
    'The body is too large',
    [{ where: 'the body', what: `has ${size}; ${String(bytes)} are the most` }],
    remedy,
  );
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

/** Decoding must not insert U+FFFD: two different texts would become the same. */
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
    throw new Problem('invalid', 'The body is not valid JSON', [{ where: 'the body', what: messageOf(error) }], 'Send well-formed JSON.');
  }
}

/** Why a body cannot be stored and shown; checked before anything is done. */
function errorIn(body: unknown): Problem | undefined {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return unfit([{ where: 'the body', what: `is nested deeper than ${String(deepest)} levels` }]);
    const inner = level.filter((value) => typeof value === 'object' && value !== null);
    // Schemas leave this key out without a word.
    if (inner.some((value) => Object.hasOwn(value, '__proto__'))) return unfit([{ where: 'the body', what: 'has the key __proto__' }]);
    level = inner.flatMap((value) => Object.values(value) as unknown[]);
  }
  const places = unfitIn(body).slice(0, mostPlaces);
  return places.length === 0 ? undefined : unfit(places.map(({ path, what }) => ({ where: path.join('.') || 'the body', what })));
}

function unfit(places: Problem['places']): Problem {
  return new Problem('invalid', 'The body cannot be stored', places, 'Remove these characters; a text may have tabs and line breaks.');
}
