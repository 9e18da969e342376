import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';

/** An AbortSignal for a handler that does heavy work: aborted when the caller has gone without an answer. */
export const Gone = createParamDecorator((_data: unknown, host: ExecutionContext): AbortSignal => {
  const response = host.switchToHttp().getResponse<Response>();
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
});
