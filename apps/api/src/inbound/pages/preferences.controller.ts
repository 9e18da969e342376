import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Inject, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { PreferenceChanges } from '../../../../../libs/preferences/preferences.js';
import { loadPreferences, savePreferences, stopAll, type CentreOptions } from '../../../../../libs/preferences/preferences-store.js';
import { channelsSetUp } from '../../../../../libs/channels/set-up.js';
import { notFound, Problem } from '../../../../../libs/platform/problem.js';
import type { Clock } from '../../../../../libs/platform/clock.js';
import type { Tokens } from '../../../../../libs/platform/tokens.js';
import type { Settings } from '../../../../../config/settings.js';
import { CLOCK, TOKENS, SETTINGS } from '../../providers.js';
import { parseForm, type Form } from '../form.js';
import { PageErrorsFilter } from './page-errors.filter.js';
import { textsFor } from './page-texts.js';
import { sendPage } from './page.js';
import { readPreferences } from './preferences-form.js';
import { preferencesBody, type PreferencePage } from './preferences-page.js';
import { preferencesWording, preferenceTexts, type PreferenceTexts } from './preferences-texts.js';
import { readBody } from '../read-body.js';

/**
 * The preference centre, behind a link in every message: what the customer gets from us, on which channels, in which language and at which
 * hours. Opening it changes nothing, because link scanners open it too.
 */
@Controller('p')
@UseFilters(PageErrorsFilter)
export class PreferencesController {
  private readonly options: CentreOptions;

  constructor(
    private readonly em: EntityManager,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(TOKENS) private readonly tokens: Tokens,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.options = { languageOf: (locale) => textsFor(locale).language, channels: channelsSetUp(settings) };
  }

  @Get(':token')
  async show(@Param('token') token: string, @Res() response: Response): Promise<void> {
    await this.render(this.read(token), response, 200, () => ({}));
  }

  @Post(':token')
  async change(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const messageId = this.read(token);
    const form = parseForm(await readBody(request));
    const pressed = form.get('do');
    if (pressed === 'save') return this.save(messageId, form, response);
    if (pressed === 'stop') return this.stop(messageId, response);
    throw new Problem('invalid', 'The form does not contain what to do');
  }

  private async save(messageId: string, form: Form, response: Response): Promise<void> {
    const { seen, wished, errors } = readPreferences(form);
    if (errors.length > 0) return this.render(messageId, response, 422, () => ({ ...wished, seen, errors }));
    const wordingVersion = `${preferencesWording}.${seen.choices.language}`;
    const changes = await savePreferences(this.em, messageId, { seen, wished, wordingVersion }, this.options, this.clock.now());
    await this.render(messageId, response, changes.stale ? 409 : 200, (texts) => ({ notice: texts[noticeAfter(changes)] }));
  }

  private async stop(messageId: string, response: Response): Promise<void> {
    await stopAll(this.em, messageId, this.options, this.clock.now());
    await this.render(messageId, response, 200, ({ stopped }) => ({ notice: stopped }));
  }

  private read(token: string): string {
    const messageId = this.tokens.read('preferences', token);
    if (messageId === undefined) throw notFound('page', 'here');
    return messageId;
  }

  /** Shows the present state, which is also the answer to a button that is pressed twice. */
  private async render(
    messageId: string,
    response: Response,
    status: number,
    extra: (texts: PreferenceTexts) => Partial<Pick<PreferencePage, 'notice' | 'errors' | 'ticked' | 'choices' | 'seen'>>,
  ): Promise<void> {
    const centre = await loadPreferences(this.em, messageId, this.options);
    if (centre === undefined) throw notFound('page', 'here');
    const { consents, choices } = centre.shown;
    const { language, texts } = preferenceTexts(choices.language);
    const ticked = new Set(Object.entries(consents).flatMap(([key, { granted }]) => (granted ? [key] : [])));
    const body = preferencesBody({ centre, language, texts, seen: centre.shown, choices, ticked, errors: [], ...extra(texts) });
    sendPage(response, status, { language, company: this.settings.company.name, title: texts.title, body, wide: true });
  }
}

function noticeAfter({ consents, choices, stale }: PreferenceChanges): 'stale' | 'saved' | 'unchanged' {
  if (stale) return 'stale';
  return consents.length > 0 || Object.keys(choices).length > 0 ? 'saved' : 'unchanged';
}
