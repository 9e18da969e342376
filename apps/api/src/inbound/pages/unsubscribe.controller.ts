import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Inject, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import type { Request, Response } from 'express';
import { notFound } from '../../../../../libs/platform/problem.js';
import { findSubscription, unsubscribe, type Subscription } from '../../../../../libs/responses/links.js';
import type { Clock } from '../../../../../libs/platform/clock.js';
import type { Tokens } from '../../../../../libs/platform/tokens.js';
import type { Settings } from '../../../../../config/settings.js';
import { CLOCK, TOKENS, SETTINGS } from '../../providers.js';
import { html, type Html } from '../html.js';
import { PageErrorsFilter } from './page-errors.filter.js';
import { channelKinds } from '../../../../../libs/channels/table.js';
import { textsFor, type PageTexts } from './page-texts.js';
import { sendPage } from './page.js';
import { readBody } from '../read-body.js';

/**
 * One-click unsubscribing (RFC 8058). A mail program posts here automatically, without cookies, as a form or multipart, and perhaps twice;
 * a person posts the form of the page. Whatever the body says, a POST with a valid token unsubscribes.
 */
@Controller('u')
@UseFilters(PageErrorsFilter)
export class UnsubscribeController {
  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(TOKENS) private readonly tokens: Tokens,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get(':token')
  async show(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const { messageId, subscription } = await this.read(token);
    const { language, texts } = textsFor(subscription.locale);
    const about = channelKinds.get(subscription.channel).texts[language];
    sendPage(response, 200, {
      language,
      company: this.settings.company.name,
      title: about.leave,
      body: html`<p>${about.leaveMore}</p>
        <form method="post">
          <input type="hidden" name="List-Unsubscribe" value="One-Click" />
          <button class="first">${texts.unsubscribe}</button>
        </form>
        ${this.otherwise(messageId, texts)}`,
    });
  }

  @Post(':token')
  async leave(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { messageId, subscription } = await this.read(token);
    await readBody(request);
    await unsubscribe(this.em, messageId, this.clock.now());
    const { language, texts } = textsFor(subscription.locale);
    const about = channelKinds.get(subscription.channel).texts[language];
    sendPage(response, 200, {
      language,
      company: this.settings.company.name,
      title: texts.unsubscribed,
      body: html`<p role="status">${about.unsubscribed}</p>
        ${this.otherwise(messageId, texts)}`,
    });
  }

  private otherwise(messageId: string, texts: PageTexts): Html {
    return html`<p class="after"><a href="../p/${this.tokens.sign('preferences', messageId)}">${texts.chooseInstead}</a></p>`;
  }

  private async read(token: string): Promise<{ readonly messageId: string; readonly subscription: Subscription }> {
    const messageId = this.tokens.read('unsubscribe', token);
    const subscription = messageId === undefined ? undefined : await findSubscription(this.em, messageId);
    if (messageId === undefined || subscription === undefined) throw notFound('page', 'here');
    return { messageId, subscription };
  }
}
