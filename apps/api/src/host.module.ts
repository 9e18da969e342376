import type { MikroORM } from '@mikro-orm/postgresql';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Settings } from '../../../config/settings.js';
import type { HeavyWork } from '../../../libs/persistence/heavy-work.js';
import type { Clock } from '../../../libs/platform/clock.js';
import type { Logger } from '../../../libs/platform/log.js';
import { createTokens } from '../../../libs/platform/tokens.js';
import { CAMPAIGN_COMMANDS, type CampaignCommands } from './campaigns/campaign-commands.js';
import { DatabaseModule } from './database.module.js';
import { PublishedContent } from '../../../libs/publishing/published-content.js';
import { SCORE_SWEEPS, type ScoreSweeps } from './scores/score-sweeps.js';
import { CLOCK, HEAVY_WORK, LOG, SETTINGS, TOKENS } from './providers.js';

/** What a host opens before the api is built, and closes after it. Nothing injects all of it. */
export interface Host {
  readonly settings: Settings;
  readonly orm: MikroORM;
  readonly heavy: HeavyWork;
  readonly clock: Clock;
  readonly log: Logger;
  /** The published content, as this process has loaded it. */
  readonly content: PublishedContent;
  readonly commands: CampaignCommands;
  readonly sweeps: ScoreSweeps;
}

/** What every module may inject, each part by its own token. */
@Module({})
export class HostModule {
  static of({ settings, orm, heavy, clock, log, content, commands, sweeps }: Host): DynamicModule {
    const providers = [
      { provide: SETTINGS, useValue: settings },
      { provide: CLOCK, useValue: clock },
      { provide: LOG, useValue: log },
      { provide: TOKENS, useValue: createTokens(settings.secret) },
      { provide: HEAVY_WORK, useValue: heavy },
      { provide: PublishedContent, useValue: content },
      { provide: CAMPAIGN_COMMANDS, useValue: commands },
      { provide: SCORE_SWEEPS, useValue: sweeps },
    ];
    return { module: HostModule, global: true, imports: [DatabaseModule.of(orm)], providers, exports: providers };
  }
}
