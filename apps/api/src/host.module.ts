import type { MikroORM } from '@mikro-orm/postgresql';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Settings } from '../../../config/settings.js';
import type { TemplateFolder } from '../../../libs/messaging/templates/template-folder.js';
import type { HeavyWork } from '../../../libs/persistence/heavy-work.js';
import type { Clock } from '../../../libs/platform/clock.js';
import type { Logger } from '../../../libs/platform/log.js';
import { createTokens } from '../../../libs/platform/tokens.js';
import type { Classifier } from '../../../libs/responses/classify.js';
import { CAMPAIGN_COMMANDS, type CampaignCommands } from './campaigns/campaign-commands.js';
import { KNOWN_TEMPLATES, type KnownTemplates } from './campaigns/known-templates.js';
import { DatabaseModule } from './database.module.js';
import { CLASSIFIER, CLOCK, HEAVY_WORK, LOG, SETTINGS, TEMPLATES, TOKENS } from './providers.js';

/** What a host has opened before the api is built, and closes after it. Nothing injects the whole of it. */
export interface Host {
  readonly settings: Settings;
  readonly orm: MikroORM;
  readonly heavy: HeavyWork;
  readonly clock: Clock;
  readonly log: Logger;
  readonly classify: Classifier;
  readonly templates: TemplateFolder;
  readonly knownTemplates: KnownTemplates;
  readonly commands: CampaignCommands;
}

/** What every module may inject, each part by its own token. */
@Module({})
export class HostModule {
  static of({ settings, orm, heavy, clock, log, classify, templates, knownTemplates, commands }: Host): DynamicModule {
    const providers = [
      { provide: SETTINGS, useValue: settings },
      { provide: CLOCK, useValue: clock },
      { provide: LOG, useValue: log },
      { provide: TOKENS, useValue: createTokens(settings.secret) },
      { provide: HEAVY_WORK, useValue: heavy },
      { provide: CLASSIFIER, useValue: classify },
      { provide: TEMPLATES, useValue: templates },
      { provide: KNOWN_TEMPLATES, useValue: knownTemplates },
      { provide: CAMPAIGN_COMMANDS, useValue: commands },
    ];
    return { module: HostModule, global: true, imports: [DatabaseModule.of(orm)], providers, exports: providers };
  }
}
