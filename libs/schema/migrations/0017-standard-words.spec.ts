import { createTestDatabase, migrateOnlyTo } from '../../../test/harness/database.js';
import { query, queryOne } from '../../persistence/sql.js';

describe('the migration to standard words', () => {
  it('renames states and outcomes, and the rules and campaigns that name them', async () => {
    const db = await createTestDatabase();
    try {
      const em = () => db.orm.em.fork();
      const bringUpToDate = await migrateOnlyTo(db, '0016-published-content');
      await query(
        em(),
        `with k as (
           insert into campaign (id, key, title, state, version, budget_cap, currency, created_at)
           values (gen_random_uuid(), 'old', 'Old', 'live', 1, 100, 'EUR', now()) returning id
         ), v as (
           insert into campaign_version (id, campaign_id, version, source, definition, treatments, created_at)
           select gen_random_uuid(), id, 1, $1, $2, '[]', now() from k returning id, campaign_id
         ), c as (
           insert into customer (id, external_id, locale, status, attributes, made, left_at, created_at, updated_at)
           select gen_random_uuid(), 'c' || n, 'en', case n when 1 then 'active' else 'left' end, '{}', '{}', case n when 2 then now() end, now(), now()
           from generate_series(1, 2) n returning id, status
         ), s as (
           insert into segment (id, name, rule, created_at) values (gen_random_uuid(), 'gone', 'customer.status != "left" && customer.attributes.side == "left"', now())
         )
         insert into enrolment (id, campaign_id, version_id, customer_id, arm, state, outcome, created_at)
         select gen_random_uuid(), v.campaign_id, v.id, c.id, 'treated',
           case c.status when 'left' then 'closed' else 'held' end, case c.status when 'left' then 'left' end, now() from v, c`,
        [
          `goal: customer.status == 'left'\njourney: [ { exit: left } ] # left alone`,
          { goal: 'customer.status == "left"', journey: { steps: { end: { spec: { outcome: 'left' } } } } },
        ],
      );
      await bringUpToDate();
      expect(
        await query(
          em(),
          `select c.status, c.churned_at is not null as "hasEnd", e.state, e.outcome
           from enrolment e join customer c on c.id = e.customer_id order by c.external_id`,
        ),
      ).toEqual([
        { status: 'active', hasEnd: false, state: 'paused', outcome: null },
        { status: 'churned', hasEnd: true, state: 'closed', outcome: 'churned' },
      ]);
      expect(await queryOne(em(), 'select source, definition from campaign_version')).toEqual({
        source: `goal: customer.status == 'churned'\njourney: [ { exit: churned } ] # left alone`,
        definition: { goal: 'customer.status == "churned"', journey: { steps: { end: { spec: { outcome: 'churned' } } } } },
      });
      expect(await queryOne(em(), 'select rule from segment')).toEqual({
        rule: 'customer.status != "churned" && customer.attributes.side == "left"',
      });
    } finally {
      await db.close();
    }
  });
});
