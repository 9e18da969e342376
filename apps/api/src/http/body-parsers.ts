import express, { type RequestHandler } from 'express';
import { Problem } from '../../../../libs/platform/problem.js';
import { isStorable, notStorable } from '../../../../libs/platform/storable.js';

/** The most that a request of the control api may carry. */
const bodyLimit = 1_048_576;
/** Lists and objects within each other: more than anything asks for, and far from where a recursive function ends. */
const deepest = 100;

/** JSON, and a campaign's YAML as text; neither with what could not be stored. Other endpoints read their bodies themselves. */
export function bodyParsers(): RequestHandler[] {
  return [
    express.json({ limit: bodyLimit }),
    express.text({ limit: bodyLimit, type: ['text/yaml', 'text/x-yaml', 'application/yaml', 'application/x-yaml', 'text/plain'] }),
    (request, _response, next) => next(faultIn(request.body)),
  ];
}

/** What makes a body unfit to be stored, as PostgreSQL would find; looked for before anything is done. */
function faultIn(body: unknown): Problem | undefined {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return unfit(`goes deeper than ${String(deepest)} levels`);
    if (level.some((value) => typeof value === 'string' && !isStorable(value))) return unfit(notStorable);
    const inner = level.filter((value) => typeof value === 'object' && value !== null);
    if (inner.some((value) => Object.keys(value).some((key) => !isStorable(key)))) return unfit(notStorable);
    level = inner.flatMap((value) => Object.values(value) as unknown[]);
  }
  return undefined;
}

function unfit(what: string): Problem {
  return new Problem('invalid', 'The body cannot be stored', [{ where: 'the request', what }]);
}
