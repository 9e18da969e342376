import type { EntityManager } from '@mikro-orm/postgresql';
import { isUnderway } from './underway.js';
import { query, queryOne } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { conflict, notFound, type Problem } from '../platform/problem.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import { lockCampaign } from './campaign-lock.js';
import type { CampaignVersion } from './campaign-version.entity.js';
import type { Campaign, CampaignState } from './campaign.entity.js';
import type { CampaignDefinition } from './definition.js';

/** Definitions that a process keeps in memory. */
const keptDefinitions = 200;

/** Reads the definitions of versions, which never change: each is fetched once, and the last ones are kept. */
export class VersionDefinitions {
  private readonly kept = new Map<string, CampaignDefinition>();

  /** @throws Problem not-found */
  async of(em: EntityManager, versionId: string): Promise<CampaignDefinition> {
    const known = this.kept.get(versionId);
    if (known !== undefined) return known;
    const version = tables<typeof CampaignVersion>(em).selectFrom('CampaignVersion').select('definition').where('id', '=', versionId);
    const row = await version.executeTakeFirst();
    if (row === undefined) throw notFound('version', versionId);
    const [oldest] = this.kept.keys();
    if (this.kept.size >= keptDefinitions && oldest !== undefined) this.kept.delete(oldest);
    this.kept.set(versionId, row.definition);
    return row.definition;
  }
}

/** `live`: it enrols, or would if the campaign were not paused. `draft`: it was never launched. `past`: it no longer enrols. */
export const versionStates = ['draft', 'live', 'past'] as const;
type VersionState = (typeof versionStates)[number];

export interface ListedVersion {
  readonly id: string;
  readonly version: number;
  readonly state: VersionState;
  readonly createdAt: Date;
  readonly launchedAt: Date | null;
  /** The publication whose templates its messages use; null for a draft, and if it always uses the latest. */
  readonly publication: number | null;
  /** Enrolments under it, both arms. */
  readonly enrolled: number;
  /** The treated ones who are inside now. */
  readonly underway: number;
  readonly source: string;
}

/** The versions of a campaign with their texts, newest first. @param before the id of a version: only older ones */
export async function listVersions(em: EntityManager, campaignId: string, before: string | null, rows: number): Promise<ListedVersion[]> {
  return query<ListedVersion>(
    em,
    `select v.id, v.version, v.created_at as "createdAt", v.launched_at as "launchedAt", v.publication, v.source,
            case when v.launched_at is null then 'draft' when v.version = k.version and k.state in ('live', 'paused') then 'live' else 'past' end as state,
            counts.enrolled, counts.underway
     from campaign_version v join campaign k on k.id = v.campaign_id
     cross join lateral (
       select count(*) as enrolled, count(*) filter (where ${isUnderway('e')}) as underway
       from enrolment e where e.campaign_id = k.id and e.version_id = v.id) counts
     where v.campaign_id = $1 and ($2::uuid is null or v.id < $2) order by v.id desc limit $3`,
    [campaignId, before, rows],
  );
}

/** SQL over aliases k (campaign) and v (one of its versions): whether it is in use: it enrols, or somebody is inside. */
export const isAtWork = `(v.version = k.version
  or exists (select from enrolment e where e.campaign_id = k.id and e.version_id = v.id and e.state <> 'closed'))`;

/** A version with the content that its text referred to when it was stored. */
export interface StoredVersion {
  readonly definition: CampaignDefinition;
  readonly treatments: readonly TreatmentDefinition[];
}

/** A stored version, and the publication that it is pinned to; null for a draft, and where it is always the latest. */
export type PinnedVersion = StoredVersion & { readonly publication: number | null };

/** A version of a campaign, or the one that enrols. @throws Problem not-found */
export async function storedVersion(em: EntityManager, campaignId: string, version?: number): Promise<PinnedVersion> {
  const found = await findVersion(em, campaignId, version);
  return found.stored;
}

/**
 * A version that may be launched in the campaign's present state.
 * @throws Problem not-found; Problem conflict if the campaign was never launched or has ended
 */
export async function launchableVersion(em: EntityManager, campaignId: string, version: number): Promise<PinnedVersion> {
  const { state, stored } = await findVersion(em, campaignId, version);
  if (state === 'draft') throw conflict('The campaign was never launched', 'Launch the campaign.');
  if (state !== 'live' && state !== 'paused') throw conflict(`The campaign is ${state}`, 'Create it under another key.');
  return stored;
}

async function findVersion(
  em: EntityManager,
  campaignId: string,
  version?: number,
): Promise<{ readonly state: CampaignState; readonly stored: PinnedVersion }> {
  const row = await queryOne<{
    state: CampaignState;
    definition: CampaignDefinition | null;
    treatments: TreatmentDefinition[] | null;
    publication: number | null;
  }>(
    em,
    `select k.state, v.definition, v.treatments, v.publication
     from campaign k left join campaign_version v on v.campaign_id = k.id and v.version = coalesce($2, k.version) where k.id = $1`,
    [campaignId, version ?? null],
  );
  if (row === undefined) throw notFound('campaign', campaignId);
  const { state, definition, treatments, publication } = row;
  if (definition === null || treatments === null) throw notFound('version', String(version));
  return { state, stored: { definition, treatments, publication } };
}

/**
 * Until the transaction of `tx` ends, the campaign stays at this version.
 * @throws Problem conflict if the campaign has another version by now
 */
export async function keepVersion(tx: EntityManager, campaignId: string, version: number): Promise<void> {
  await lockCampaign(tx, campaignId);
  const campaign = await tables<typeof Campaign>(tx)
    .selectFrom('Campaign')
    .select('version')
    .where('id', '=', campaignId)
    .executeTakeFirst();
  if (campaign !== undefined && campaign.version !== version) {
    throw conflict(`Version ${String(campaign.version)} was stored in the meantime`, 'Check it, and launch again.');
  }
}

/**
 * Makes a version of a launched campaign the one that enrols, with its title, priority and budget. Customers inside finish in the version
 * that they entered. A past version can be launched again.
 * @throws Problem not-found; Problem conflict if the campaign was never launched or has ended, or offers have already promised more than
 *   the version's budget
 */
export async function launchVersion(tx: EntityManager, campaignId: string, version: number, now: Date): Promise<void> {
  await lockCampaign(tx, campaignId);
  const { definition } = await launchableVersion(tx, campaignId, version);
  await moveTo(tx, campaignId, version, definition);
  await markLaunched(tx, campaignId, now);
}

/** One conditional update, so that a budget is never cut below the promised amount. @throws Problem conflict */
export async function moveTo(tx: EntityManager, campaignId: string, version: number, definition: CampaignDefinition): Promise<void> {
  const { title, priority, budget } = definition;
  const moved = await tables<typeof Campaign>(tx)
    .updateTable('Campaign')
    .set({ version, title, budgetCap: budget.minor, priority })
    .where('id', '=', campaignId)
    .where('budgetReserved', '<=', budget.minor)
    .returning('id')
    .executeTakeFirst();
  if (moved === undefined) throw budgetTooSmall();
}

export const budgetTooSmall = (): Problem =>
  conflict('The budget is below what offers of this campaign have already promised', 'Raise the budget.');

/** Marks the version that enrols as launched, and pins it to the latest publication if it is not pinned already. */
export async function markLaunched(tx: EntityManager, campaignId: string, now: Date): Promise<void> {
  await query(
    tx,
    `update campaign_version v set launched_at = $2, publication = (select max(version) from publication)
     from campaign k where k.id = $1 and v.campaign_id = k.id and v.version = k.version and v.launched_at is null`,
    [campaignId, now],
  );
}

/** @throws Problem not-found; Problem conflict if a campaign was never launched, or was cancelled: it sends nothing */
export async function expectPinnable(em: EntityManager, campaignId: string): Promise<void> {
  const found = tables<typeof Campaign>(em).selectFrom('Campaign').select(['state', 'launchedAt']).where('id', '=', campaignId);
  const campaign = await found.executeTakeFirst();
  if (campaign === undefined) throw notFound('campaign', campaignId);
  if (campaign.state === 'cancelled') throw conflict('The campaign is cancelled', 'It sends nothing any more, so no templates are needed.');
  if (campaign.launchedAt === null) throw conflict('The campaign was never launched', 'Launch the campaign.');
}

/**
 * From now on all messages of a campaign use the newest templates, also those to customers who are inside.
 * @returns the publication that has them
 * @throws Problem as expectPinnable
 */
export async function pinToLatest(tx: EntityManager, campaignId: string): Promise<number> {
  await expectPinnable(tx, campaignId);
  const pinned = await queryOne<{ publication: number }>(
    tx,
    `update campaign_version v set publication = p.version from (select max(version) as version from publication) p
     where v.campaign_id = $1 and v.launched_at is not null returning p.version as publication`,
    [campaignId],
  );
  if (pinned === undefined) throw new Error('A launched campaign has no launched version');
  return pinned.publication;
}
