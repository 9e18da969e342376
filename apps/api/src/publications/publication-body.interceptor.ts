import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { most, shorten } from '../../../../libs/publishing/publish.js';
import { type BodyLimit, readBody } from '../http/body-parsers.js';

/** JSON may need up to three times the bytes of UTF-8 for a character; paths and the rest come in addition. */
const limit: BodyLimit = { bytes: 3 * most.bytes + 2 * 1_048_576, remedy: shorten };

/** Whether the body of a request is read here. @param request within /v1 */
export function isPublication({ method, path }: Request): boolean {
  return method === 'POST' && /^\/publications\/?$/i.test(path);
}

/** All documents together are larger than other requests: they are read only after the key was checked. */
@Injectable()
export class PublicationBody implements NestInterceptor {
  async intercept(execution: ExecutionContext, next: CallHandler<unknown>) {
    const http = execution.switchToHttp();
    await readBody(http.getRequest<Request>(), http.getResponse<Response>(), limit);
    return next.handle();
  }
}
