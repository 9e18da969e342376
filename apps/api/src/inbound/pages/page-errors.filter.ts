import { ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Problem } from '../../../../../libs/platform/problem.js';
import type { Logger } from '../../../../../libs/platform/log.js';
import type { Settings } from '../../../../../config/settings.js';
import { LOG, SETTINGS } from '../../providers.js';
import { databaseErrorCode, errorOf } from '../../http/database-errors.js';
import { statuses } from '../../http/problem.filter.js';
import { html } from '../html.js';
import { sendPage } from './page.js';
import { textsFor } from './page-texts.js';

/** Error pages for customers: they say what to do, and not why. */
@Injectable()
@Catch()
export class PageErrorsFilter implements ExceptionFilter {
  constructor(
    @Inject(LOG) private readonly log: Logger,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const status = statusOf(error);
    if (status === 503) this.log.warn({ code: databaseErrorCode(error) }, 'a page could not be shown');
    else if (status >= 500) this.log.error({ err: error }, 'a page failed');
    if (status === 503) http.getResponse<Response>().setHeader('Retry-After', '5');
    const { language, texts } = textsFor(http.getRequest<Request>().get('accept-language') ?? 'en');
    const [title, more] = status === 404 ? [texts.nothingHere, texts.nothingHereMore] : [texts.failed, texts.failedMore];
    sendPage(http.getResponse<Response>(), status, {
      language,
      company: this.settings.company.name,
      title,
      body: html`<p>${more}</p>`,
    });
  }
}

function statusOf(error: unknown): number {
  const problem = error instanceof Problem ? error : errorOf(error);
  if (problem !== undefined) return statuses[problem.kind];
  return error instanceof HttpException ? error.getStatus() : 500;
}
