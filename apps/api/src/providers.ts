/**
 * The values that the api's parts may inject beside classes: each by a token of its own, `@Inject(CLOCK) private readonly clock: Clock`.
 * The database is injected by its class: `EntityManager` is the request's own fork, `MikroORM` is for what runs outside requests. So is the
 * published content: `PublishedContent`.
 */
/** Settings of config/settings.ts. */
export const SETTINGS = Symbol('Settings');
/** Clock of libs/platform: campaign time. */
export const CLOCK = Symbol('Clock');
/** Logger of libs/platform. */
export const LOG = Symbol('Logger');
/** Tokens of libs/platform: what signs the links and addresses in messages. */
export const TOKENS = Symbol('Tokens');
/** HeavyWork of libs/persistence: for reads that may take seconds, on connections of their own. */
export const HEAVY_WORK = Symbol('HeavyWork');
