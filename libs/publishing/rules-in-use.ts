import type { EntityManager } from '@mikro-orm/postgresql';
import { needsOf, whyUnreadable } from '../campaigns/needs.js';
import { isAtWork, type StoredVersion } from '../campaigns/versions.js';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import type { ProblemPlace } from '../platform/problem.js';
import type { Field } from '../segments/fields.js';
import type { Segment } from '../segments/segment.entity.js';

/**
 * The rules of running campaigns and of segments that would become unreadable with these fields, with the reasons. All versions that enrol
 * or have customers inside count.
 */
export async function unreadableRules(em: EntityManager, fields: readonly Field[]): Promise<ProblemPlace[]> {
  const versions = await query<StoredVersion & { readonly key: string; readonly version: number }>(
    em,
    `select k.key, v.version, v.definition, v.treatments from campaign k join campaign_version v on v.campaign_id = k.id
     where k.state in ('live', 'paused', 'completed') and v.launched_at is not null and ${isAtWork} order by k.key, v.version`,
  );
  const segments = await tables<typeof Segment>(em).selectFrom('Segment').select(['name', 'rule']).orderBy('name').execute();
  const rules = [
    ...versions.flatMap(({ key, version, definition, treatments }) =>
      needsOf(definition, treatments).rules.map((rule) => ({ of: `the campaign ${key}, version ${String(version)}`, rule })),
    ),
    ...segments.map(({ name, rule }) => ({ of: `the segment ${name}`, rule })),
  ];
  return rules.flatMap(({ of, rule }) => whyUnreadable(rule, fields).map((what) => ({ where: of, what })));
}
