import { treatmentsOf } from '../../../libs/campaigns/campaigns.js';
import type { CampaignDefinition } from '../../../libs/campaigns/definition.js';
import { storedVersion } from '../../../libs/campaigns/versions.js';
import { warningsInTime } from '../../../libs/campaigns/warnings-in-time.js';
import { knownTemplates, type KnownTemplates } from '../../../libs/messaging/templates/template-channels.js';
import { openHeavyWork } from '../../../libs/persistence/heavy-work.js';
import { openOrm } from '../../../libs/schema/orm.js';
import type { TreatmentDefinition } from '../../../libs/treatments/treatment.entity.js';
import { openContent } from '../../hosting/open-content.js';
import type { Product } from './running.js';

/** Prints conditions of the definition that no customer meets, or that all meet. */
export async function printWarnings(
  { settings, clock }: Product,
  definition: CampaignDefinition,
  treatments: readonly TreatmentDefinition[],
  known: KnownTemplates,
): Promise<void> {
  const heavy = await openHeavyWork((pool) => openOrm({ url: settings.database.url, pool }));
  try {
    const terms = treatmentsOf(definition, treatments);
    const gone = new AbortController().signal;
    const warnings = await warningsInTime(heavy, gone, { definition, terms, known, now: clock.now() });
    for (const { where, what } of warnings) console.log(`Warning: ${where}: ${what}`);
  } finally {
    await heavy.close();
  }
}

/** The same for a stored version, with its own treatments and templates; by default the one that enrols. */
export async function printStoredWarnings(product: Product, campaignId: string, version?: number): Promise<void> {
  const { orm, clock, settings } = product;
  const { definition, treatments, publication } = await storedVersion(orm.em.fork(), campaignId, version);
  const content = await openContent(orm, settings.defaultLocale, clock);
  const templates = await content.templatesAt(publication);
  await printWarnings(product, definition, treatments, knownTemplates(templates, settings.defaultLocale));
}
