import { ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Problem, type ProblemKind } from '../../../../../libs/platform/problem.js';
import { API_CONTEXT, type ApiContext } from '../../context.js';
import { html } from '../html.js';
import { sendPage } from './page.js';
import { textsFor } from './page-texts.js';

const statuses: Readonly<Partial<Record<ProblemKind, number>>> = { 'not-found': 404, 'too-large': 413, invalid: 400 };

/** Errors as pages for customers: they say what to do, and nothing of why. */
@Injectable()
@Catch()
export class PageErrorsFilter implements ExceptionFilter {
  constructor(@Inject(API_CONTEXT) private readonly context: ApiContext) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const status = statusOf(error);
    if (status >= 500) this.context.log.error({ err: error }, 'a page failed');
    const { language, texts } = textsFor(http.getRequest<Request>().get('accept-language') ?? 'en');
    const [title, more] = status === 404 ? [texts.nothingHere, texts.nothingHereMore] : [texts.failed, texts.failedMore];
    sendPage(http.getResponse<Response>(), status, {
      language,
      company: this.context.settings.company.name,
      title,
      body: html`<p>${more}</p>`,
    });
  }
}

function statusOf(error: unknown): number {
  if (error instanceof Problem) return statuses[error.kind] ?? 500;
  return error instanceof HttpException ? error.getStatus() : 500;
}
