import type { Request, RequestHandler } from 'express';
import { Problem } from '../../../../libs/platform/problem.js';

/**
 * Refuses an address that is not percent-encoded UTF-8. For a path, Express would report an error about a body; in a query, Node reads
 * malformed bytes as U+FFFD, so that two different texts would become the same.
 * @param part of the request's address
 */
export function wellFormed(part: (request: Request) => string): RequestHandler {
  return (request, _response, next) => next(isDecodable(part(request)) ? undefined : malformed());
}

function isDecodable(address: string): boolean {
  try {
    decodeURIComponent(address);
    return true;
  } catch {
    return false;
  }
}

const malformed = (): Problem =>
  new Problem(
    'invalid',
    'The address is not well-formed',
    [],
    'Percent-encode the address as UTF-8: %C3%A9 stands for é, and %25 for % itself.',
  );
