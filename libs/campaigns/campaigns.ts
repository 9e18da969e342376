import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { candidatesOf } from '../journeys/steps/table.js';
import { isId, newId } from '../platform/ids.js';
import { conflict, notFound } from '../platform/problem.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import { listTreatments } from '../treatments/treatments.js';
import { asksOf } from './asks.js';
import type { CampaignVersion } from './campaign-version.entity.js';
import type { Campaign } from './campaign.entity.js';
import { lockCampaign } from './campaign-lock.js';
import type { CampaignDefinition } from './definition.js';
import { parseDefinition } from './parse-definition.js';
import type { Known } from './read-steps.js';
import { budgetTooSmall, moveTo } from './versions.js';

export interface CreatedCampaign {
  readonly campaignId: string;
  readonly key: string;
  readonly version: number;
  /** False if this text is stored already, as the latest version or as the one that enrols: nothing was changed. */
  readonly created: boolean;
  /** The version's state: a draft enrols nobody until it is launched. */
  readonly state: 'draft' | 'live';
}

/**
 * Stores a campaign from its YAML: the first text under a key makes a draft campaign, another text makes the next version. A version never
 * changes, and is a draft until it is launched. Until then the live version enrols, with its budget.
 * @throws Problem invalid with every place that is wrong; Problem conflict if the campaign has ended, its currency would change, or its
 *   budget would fall below what is already promised
 */
export async function createCampaign(
  em: EntityManager,
  yaml: string,
  known: Omit<Known, 'treatments'>,
  now: Date,
): Promise<CreatedCampaign> {
  return em.transactional(async (tx) => {
    const treatments = await listTreatments(tx);
    const definition = parseDefinition(yaml, { ...known, treatments: treatments.map((each) => each.treatment), terms: treatments });
    // The lock is on the key, because there may be no campaign yet: otherwise two first versions could both get number 1.
    await lockCampaign(tx, definition.campaign);
    const existing = await lockedByKey(tx, definition.campaign);
    if (existing !== undefined) expectNotEnded(existing);
    const campaign = existing ?? draft(definition, now);
    const same = existing === undefined ? undefined : await storedText(tx, existing, yaml);
    if (same !== undefined) return created(campaign, same, false);
    const stored = tables<typeof Campaign | typeof CampaignVersion>(tx);
    if (existing === undefined) await stored.insertInto('Campaign').values(campaign).execute();
    const version = existing === undefined ? 1 : await nextVersion(tx, existing, definition);
    await stored
      .insertInto('CampaignVersion')
      .values({
        id: newId(),
        campaign: campaign.id,
        version,
        source: yaml,
        definition,
        treatments: treatmentsOf(definition, treatments),
        ...asksOf(definition),
        publication: null,
        createdAt: now,
        launchedAt: null,
      })
      .execute();
    return created(campaign, version, true);
  });
}

/** The campaign of a key, read under its lock: a launch is either finished and visible, or waits. */
async function lockedByKey(tx: EntityManager, key: string): Promise<Campaign | undefined> {
  const found = await campaigns(tx).select('id').where('key', '=', key).executeTakeFirst();
  if (found === undefined) return undefined;
  await lockCampaign(tx, found.id);
  return campaigns(tx).selectAll().where('id', '=', found.id).executeTakeFirst();
}

const campaigns = (em: EntityManager) => tables<typeof Campaign>(em).selectFrom('Campaign');

function draft(definition: CampaignDefinition, now: Date): Campaign {
  return {
    id: newId(),
    key: definition.campaign,
    title: definition.title,
    state: 'draft',
    priority: definition.priority,
    pauseReason: null,
    repinOnResume: false,
    resumedAt: null,
    version: 1,
    budgetCap: definition.budget.minor,
    budgetReserved: 0,
    budgetSpent: 0,
    currency: definition.budget.currency,
    launchedAt: null,
    endedAt: null,
    goalsAskedAt: null,
    createdAt: now,
  };
}

const created = (campaign: Campaign, version: number, made: boolean): CreatedCampaign => ({
  campaignId: campaign.id,
  key: campaign.key,
  version,
  created: made,
  state: campaign.launchedAt !== null && version === campaign.version ? 'live' : 'draft',
});

/** @throws Problem conflict if the campaign was cancelled or completed: neither ever enrols again */
export function expectNotEnded({ key, state, endedAt }: Pick<Campaign, 'key' | 'state' | 'endedAt'>): void {
  if (endedAt !== null) throw conflict(`The campaign ${key} is ${state} and enrols nobody any more`, 'Launch it under another key.');
}

/** The version with exactly this text, if it is the latest one or the one that enrols. */
async function storedText(tx: EntityManager, campaign: Campaign, yaml: string): Promise<number | undefined> {
  const stored = await queryOne<{ version: number }>(
    tx,
    `select version from campaign_version
     where campaign_id = $1 and source = $3
       and (version = $2 or version = (select max(version) from campaign_version where campaign_id = $1))
     order by version desc limit 1`,
    [campaign.id, campaign.version, yaml],
  );
  return stored?.version;
}

/** @returns the number of the next version. A campaign that was never launched switches to it. */
async function nextVersion(tx: EntityManager, campaign: Campaign, definition: CampaignDefinition): Promise<number> {
  if (campaign.currency !== definition.budget.currency) {
    throw conflict(
      `The budget of ${campaign.key} is in ${campaign.currency}`,
      'Keep the currency, or create the campaign under another key.',
    );
  }
  if (definition.budget.minor < campaign.budgetReserved) throw budgetTooSmall();
  const last = await queryOne<{ version: number }>(tx, 'select max(version) as version from campaign_version where campaign_id = $1', [
    campaign.id,
  ]);
  const version = (last?.version ?? 0) + 1;
  if (campaign.launchedAt === null) await moveTo(tx, campaign.id, version, definition);
  return version;
}

/** The treatments that the journey's steps may issue. */
export function treatmentsOf(definition: CampaignDefinition, treatments: readonly TreatmentDefinition[]): TreatmentDefinition[] {
  const names = new Set(Object.values(definition.journey.steps).flatMap((step) => candidatesOf(step) ?? []));
  return treatments.filter((each) => names.has(each.treatment));
}

/** A campaign by its id or its key, if there is one. */
export async function campaignIfAny(em: EntityManager, idOrKey: string): Promise<Campaign | undefined> {
  return campaigns(em)
    .selectAll()
    .where(isId(idOrKey) ? 'id' : 'key', '=', idOrKey)
    .executeTakeFirst();
}

/** A campaign by its id or its key. @throws Problem not-found */
export async function findCampaign(em: EntityManager, idOrKey: string): Promise<Campaign> {
  const campaign = await campaignIfAny(em, idOrKey);
  if (campaign === undefined) throw notFound('campaign', idOrKey);
  return campaign;
}
