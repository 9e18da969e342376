import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { most, shorten } from '../../../../libs/publishing/publish.js';
import { type BodyLimit, readBody } from '../http/body-parsers.js';

/** JSON writes a character in up to three times the bytes that it has in UTF-8; paths and the rest come beside the texts. */
const limit: BodyLimit = { bytes: 3 * most.bytes + 2 * 1_048_576, remedy: shorten };

/** Whether a request is one whose body is read here. @param request within /v1 */
export function isPublication({ method, path }: Request): boolean {
  return method === 'POST' && /^\/publications\/?$/i.test(path);
}

/** All documents together are more than other requests carry: they are read once it is known that the caller has a key. */
@Injectable()
export class PublicationBody implements NestInterceptor {
  async intercept(execution: ExecutionContext, next: CallHandler<unknown>) {
    const http = execution.switchToHttp();
    await readBody(http.getRequest<Request>(), http.getResponse<Response>(), limit);
    return next.handle();
  }
}
