import { ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { newId } from '../../../../libs/platform/ids.js';
import type { Logger } from '../../../../libs/platform/log.js';
import { Problem, type ProblemKind } from '../../../../libs/platform/problem.js';
import { LOG } from '../providers.js';
import { databaseErrorCode, errorOf } from './database-errors.js';

/** The status of HTTP for each kind of problem. */
export const statuses: Readonly<Record<ProblemKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  unavailable: 503,
};
const kinds = new Map(Object.entries(statuses).map(([kind, status]) => [status, kind]));

/** An error as RFC 9457 describes it, with the wrong places and the advice. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly places?: readonly { readonly where: string; readonly what: string }[];
  readonly remedy?: string;
  /** Set for a defect: its id in the log. */
  readonly instance?: string;
}

/** The one place where errors become answers. A Problem is shown in full; anything else is a defect and goes to the log only. */
@Injectable()
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const problem = this.describe(error);
    if (response.headersSent) {
      response.end();
      return;
    }
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="perennial"');
    if (problem.status === 503) response.setHeader('Retry-After', '5');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  private describe(error: unknown): ProblemDetails {
    if (error instanceof Problem) return fromProblem(error);
    if (error instanceof HttpException) return fromHttp(error.getStatus(), error.message);
    // An error of Express or its body parsers, which has its own status.
    if (isClientError(error)) return fromHttp(error.status, error.message);
    const known = errorOf(error);
    if (known !== undefined) {
      this.log.warn({ code: databaseErrorCode(error) }, 'the database refused a request');
      return fromProblem(known);
    }
    const id = newId();
    this.log.error({ err: error, defect: id }, 'a request failed');
    return {
      type: 'urn:perennial:problem:defect',
      title: 'Internal error',
      status: 500,
      detail: 'Internal error',
      remedy: 'Try again. If it happens again, report the instance to the operator of this server.',
      instance: `urn:uuid:${id}`,
    };
  }
}

function fromProblem(problem: Problem): ProblemDetails {
  return {
    type: `urn:perennial:problem:${problem.kind}`,
    title: problem.title,
    status: statuses[problem.kind],
    detail: problem.message,
    ...(problem.places.length > 0 && { places: problem.places }),
    ...(problem.remedy !== undefined && { remedy: problem.remedy }),
  };
}

const remedies: Readonly<Record<number, string>> = {
  400: 'Send JSON, encoded as UTF-8; if Content-Encoding is set, compressed accordingly.',
  404: 'See /docs for the endpoints of this API.',
  413: 'Send at most 1 MB; split a larger batch.',
  415: 'Send the body uncompressed, or compressed by gzip, deflate or br.',
};

function fromHttp(status: number, message: string): ProblemDetails {
  const remedy = remedies[status];
  return {
    type: `urn:perennial:problem:${kinds.get(status) ?? 'invalid'}`,
    title: status === 413 ? 'The body is too large' : message,
    status,
    detail: message,
    ...(remedy !== undefined && { remedy }),
  };
}

function isClientError(error: unknown): error is { readonly status: number; readonly message: string } {
  if (!(error instanceof Error) || !('status' in error)) return false;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500;
}
