import type { MikroORM } from '@mikro-orm/postgresql';
import type { Settings } from '../../../config/settings.js';
import type { HeavyWork } from '../../../libs/persistence/heavy-work.js';
import type { Clock } from '../../../libs/platform/clock.js';
import type { Logger } from '../../../libs/platform/log.js';
import type { Tokens } from '../../../libs/platform/tokens.js';
import type { PublishedContent } from '../../../libs/publishing/published-content.js';

/** What every part of the api needs from its host, made once in main.ts. Fork `orm.em` for each request. */
export interface ApiContext {
  readonly settings: Settings;
  readonly orm: MikroORM;
  /** For reads that may take seconds: they never take the connections of the doors. */
  readonly heavy: HeavyWork;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly log: Logger;
  /** What is published, as this process has it. */
  readonly content: PublishedContent;
}

/** Where the ApiContext is injected: `@Inject(API_CONTEXT) private readonly context: ApiContext`. */
export const API_CONTEXT = Symbol('ApiContext');
