import { EntityManager } from '@mikro-orm/postgresql';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { catchError, from, mergeMap, type Observable, of, throwError } from 'rxjs';
import { namesErased } from '../../../../libs/customers/living.js';
import { erasedAnswer } from '../../../../libs/access/erase-answers.js';
import { claimCall, type IdempotentCall, releaseCall, settleCall } from '../../../../libs/access/idempotency.js';
import { Problem } from '../../../../libs/platform/problem.js';

import { callerOf } from './caller.js';

const longestKey = 200;

/**
 * For handlers that create: the first request with an Idempotency-Key is performed and its answer is stored; the same request again gets
 * that answer. A failed request changed nothing, so its key may be used again.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly em: EntityManager) {}

  async intercept(execution: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const http = execution.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const key = request.get('Idempotency-Key');
    if (key === undefined) return next.handle();
    if (key.length === 0 || key.length > longestKey) {
      throw new Problem('invalid', 'The Idempotency-Key is not valid', [
        { where: 'Idempotency-Key', what: `has 1 to ${longestKey} characters` },
      ]);
    }
    const call: IdempotentCall = {
      key,
      apiKeyId: callerOf(request).keyId,
      method: request.method,
      path: request.originalUrl,
      body: request.body as unknown,
    };
    const claim = await claimCall(this.em, call);
    if (claim.kind === 'replay') {
      response.status(claim.answer.status).setHeader('Idempotency-Replayed', 'true');
      return of(claim.answer.body);
    }
    return next.handle().pipe(
      // Before the answer is stored: a failure to store it must not release the key of a finished request.
      catchError((error: unknown) => from(releaseCall(this.em, call, claim.fence)).pipe(mergeMap(() => throwError(() => error)))),
      mergeMap(async (body) => {
        await this.em.transactional(async (tx) => {
          // A named customer may have been erased since: then no erasure would empty this answer.
          const answer = (await namesErased(tx, [request.originalUrl, body])) ? erasedAnswer : { status: response.statusCode, body };
          await settleCall(tx, call, claim.fence, answer);
        });
        return body;
      }),
    );
  }
}
