import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Inject, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DateTime } from 'luxon';
import { textLocale } from '../../../../../libs/channels/contract/text-locale.js';
import { notFound, Problem } from '../../../../../libs/platform/problem.js';
import { answerOffer, showOffer, type ShownOffer } from '../../../../../libs/responses/links.js';
import type { Clock } from '../../../../../libs/platform/clock.js';
import type { Tokens } from '../../../../../libs/platform/tokens.js';
import type { Settings } from '../../../../../config/settings.js';
import { CLOCK, TOKENS, SETTINGS } from '../../providers.js';
import { parseForm } from '../form.js';
import { html, type Html } from '../html.js';
import { PageErrorsFilter } from './page-errors.filter.js';
import { textsFor, type PageTexts } from './page-texts.js';
import { sendPage } from './page.js';
import { readBody } from '../read-body.js';

/** The page behind the link in an offer. Opening it changes nothing, because link scanners open it too. */
@Controller('o')
@UseFilters(PageErrorsFilter)
export class OfferController {
  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(TOKENS) private readonly tokens: Tokens,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get(':token')
  async show(@Param('token') token: string, @Res() response: Response): Promise<void> {
    await this.render(this.read(token), response);
  }

  @Post(':token')
  async answer(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const offerId = this.read(token);
    const answer = parseForm(await readBody(request)).get('answer');
    if (answer !== 'accepted' && answer !== 'declined') throw new Problem('invalid', 'The form has no answer');
    await answerOffer(this.em, offerId, answer, this.clock.now());
    await this.render(offerId, response);
  }

  private read(token: string): string {
    const offerId = this.tokens.read('accept', token);
    if (offerId === undefined) throw notFound('page', 'here');
    return offerId;
  }

  /** Shows the state of the offer, which is also the answer to a button that is pressed twice. */
  private async render(offerId: string, response: Response): Promise<void> {
    const offer = await showOffer(this.em, offerId, this.clock.now());
    if (offer === undefined) throw notFound('page', 'here');
    const { language, texts } = textsFor(offer.locale);
    const { title, body } = views[offer.state](offer, texts, textLocale(language, offer.locale));
    sendPage(response, 200, { language, company: this.settings.company.name, title, body });
  }
}

type View = (offer: ShownOffer, texts: PageTexts, locale: string) => { readonly title: string; readonly body: Html };

const ended: View = (_, texts) => ({ title: texts.over, body: html`<p>${texts.overMore}</p>` });

const views: Readonly<Record<ShownOffer['state'], View>> = {
  open: (offer, texts, locale) => ({
    title: offer.title,
    body: html`<p>${texts.openUntil.replace('{time}', () => formatTime(offer, locale))}</p>
      <form method="post">
        <button class="first" name="answer" value="accepted">${texts.accept}</button>
        <button name="answer" value="declined">${texts.decline}</button>
      </form>`,
  }),
  accepted: (offer, texts) => ({
    title: offer.title,
    body: html`<p role="status">${texts.accepted}</p>
      <p>${texts.yourCode} <code>${offer.voucherCode}</code></p>`,
  }),
  declined: (offer, texts) => ({ title: offer.title, body: html`<p role="status">${texts.declined}</p>` }),
  expired: ended,
  withdrawn: ended,
};

/** In the customer's own zone, which is named; if none is known, in UTC. */
function formatTime({ expiresAt, timeZone }: ShownOffer, locale: string): string {
  const local = DateTime.fromJSDate(expiresAt, { zone: timeZone ?? 'utc' });
  return (local.isValid ? local : DateTime.fromJSDate(expiresAt, { zone: 'utc' })).setLocale(locale).toLocaleString(DateTime.DATETIME_FULL);
}
