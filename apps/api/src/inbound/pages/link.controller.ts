import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Head, Inject, Param, Res, UseFilters } from '@nestjs/common';
import type { Response } from 'express';
import { findLink, recordClick, type TrackedLink } from '../../../../../libs/messaging/ledger/link-click.js';
import { notFound } from '../../../../../libs/platform/problem.js';
import type { Clock } from '../../../../../libs/platform/clock.js';
import type { Tokens } from '../../../../../libs/platform/tokens.js';
import { CLOCK, TOKENS } from '../../providers.js';
import { PublishedContent } from '../../../../../libs/publishing/published-content.js';
import { PageErrorsFilter } from './page-errors.filter.js';

/**
 * The company's own address of a link in a message. Its target comes from the template, so that an invented address cannot lead anywhere
 * else.
 */
@Controller('l')
@UseFilters(PageErrorsFilter)
export class LinkController {
  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(TOKENS) private readonly tokens: Tokens,
    private readonly content: PublishedContent,
  ) {}

  /** A program that only checks the link changes nothing. It comes first, because a GET's handler would handle a HEAD too. */
  @Head(':token')
  async look(@Param('token') token: string, @Res() response: Response): Promise<void> {
    lead(response, await this.find(token));
  }

  @Get(':token')
  async follow(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const link = await this.find(token);
    await recordClick(this.em, link, this.clock.now());
    lead(response, link);
  }

  private async find(token: string): Promise<TrackedLink> {
    const signed = this.tokens.read('click', token);
    const link = signed === undefined ? undefined : await findLink(this.em, this.content, signed);
    if (link === undefined) throw notFound('page', 'here');
    return link;
  }
}

function lead(response: Response, { target }: TrackedLink): void {
  response
    .status(302)
    .set({ Location: target, 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow' })
    .end();
}
