import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { notFound } from '../platform/problem.js';
import type { CampaignDefinition } from './definition.js';

export interface EnrolledVersion {
  readonly definition: CampaignDefinition;
  readonly enteredAt: Date;
  readonly measureAt: Date;
  /** Whether the enrolment has ended. */
  readonly closed: boolean;
}

/**
 * The definition under which an enrolment runs, and its window.
 * @throws Problem not-found where the enrolment does not exist or has not entered
 */
export async function versionOf(em: EntityManager, enrolmentId: string): Promise<EnrolledVersion> {
  const [row] = await query<EnrolledVersion>(
    em,
    `select v.definition, e.entered_at as "enteredAt", e.measure_at as "measureAt", e.state = 'closed' as closed
     from enrolment e join campaign_version v on v.id = e.version_id
     where e.id = $1 and e.entered_at is not null`,
    [enrolmentId],
  );
  if (row === undefined) throw notFound('entered enrolment', enrolmentId);
  return row;
}
