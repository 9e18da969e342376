import type { EntityManager } from '@mikro-orm/postgresql';
import { isUnderway } from './underway.js';
import { query, queryOne } from '../persistence/sql.js';
import type { CampaignState } from './campaign.entity.js';

const columns = `g.id, g.key, g.title, g.state, g.pause_reason as "pauseReason", g.version, g.launched_at as "launchedAt", counts.enrolled, counts.underway, counts.saved,
  jsonb_build_object('cap', g.budget_cap, 'reserved', g.budget_reserved, 'spent', g.budget_spent, 'currency', g.currency) as budget`;

const counts = `cross join lateral (
  select count(*) as enrolled,
    count(*) filter (where ${isUnderway('e')}) as underway,
    count(*) filter (where e.outcome = 'saved') as saved
  from enrolment e where e.campaign_id = g.id) counts`;

export interface CampaignRow {
  readonly id: string;
  readonly state: CampaignState;
}

/** Campaigns with their counts, newest first. */
export async function listCampaigns(em: EntityManager, state: string | null, before: string | null, rows: number): Promise<CampaignRow[]> {
  return query<CampaignRow>(
    em,
    `select ${columns} from campaign g ${counts}
     where ($1::text is null or g.state = $1) and ($2::uuid is null or g.id < $2) order by g.id desc limit $3`,
    [state, before, rows],
  );
}

/** A campaign with its counts, its YAML and its versions, newest first. */
export async function campaignById(em: EntityManager, id: string): Promise<CampaignRow | undefined> {
  return queryOne<CampaignRow>(
    em,
    `select ${columns}, g.created_at as "createdAt", g.ended_at as "endedAt",
       (select v.source from campaign_version v where v.campaign_id = g.id and v.version = g.version) as source,
       (select jsonb_agg(jsonb_build_object('version', v.version, 'createdAt', to_char(v.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                                             'launchedAt', to_char(v.launched_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                         order by v.version desc)
        from campaign_version v where v.campaign_id = g.id) as versions
     from campaign g ${counts} where g.id = $1`,
    [id],
  );
}

export interface EnrolmentFilter {
  readonly campaign: string;
  readonly state: string | null;
  readonly arm: string | null;
  readonly outcome: string | null;
  readonly step: string | null;
  readonly before: string | null;
  readonly rows: number;
}

/** A campaign's enrolments, newest first. */
export async function listEnrolments(em: EntityManager, filter: EnrolmentFilter): Promise<{ readonly id: string }[]> {
  return query<{ id: string }>(
    em,
    `select e.id, jsonb_build_object('id', c.id, 'name', c.name, 'externalId', c.external_id) as customer, e.arm, e.state, e.step,
       e.waiting_until as "waitingUntil", e.outcome, e.trigger_score as "triggerScore", e.created_at as "createdAt",
       e.entered_at as "enteredAt", e.closed_at as "closedAt"
     from enrolment e join customer c on c.id = e.customer_id
     where e.campaign_id = $1 and ($2::text is null or e.state = $2) and ($3::text is null or e.arm = $3)
       and ($4::text is null or e.outcome = $4) and ($5::text is null or (e.step = $5 and e.state <> 'closed'))
       and ($6::uuid is null or e.id < $6)
     order by e.id desc limit $7`,
    [filter.campaign, filter.state, filter.arm, filter.outcome, filter.step, filter.before, filter.rows],
  );
}
