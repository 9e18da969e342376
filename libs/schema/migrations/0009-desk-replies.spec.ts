import { createTestDatabase, migrateOnlyTo } from '../../../test/harness/database.js';
import { query } from '../../persistence/sql.js';

describe('the migration to differences of kept revenue', () => {
  it('leaves no amount of a customer whose charge at entry cannot be known', async () => {
    const db = await createTestDatabase();
    try {
      const em = () => db.orm.em.fork();
      const bringUpToDate = await migrateOnlyTo(db, '0008-launched-versions');
      await query(
        em(),
        `with k as (
           insert into campaign (id, key, title, state, version, budget_cap, currency, created_at)
           values (gen_random_uuid(), 'old', 'Old', 'live', 1, 100, 'EUR', now()) returning id
         ), v as (
           insert into campaign_version (id, campaign_id, version, source, definition, treatments, created_at)
           select gen_random_uuid(), id, 1, '', '{}', '[]', now() from k returning id, campaign_id
         ), c as (
           insert into customer (id, external_id, locale, status, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
           select gen_random_uuid(), each, 'en', 'active', 3000, each, 1, '{}', '{}', now(), now() from unnest(array['EUR', 'USD']) each returning id
         )
         insert into enrolment (id, campaign_id, version_id, customer_id, arm, state, created_at, entered_at, measure_at, measured_at, retained, kept_revenue)
         select gen_random_uuid(), v.campaign_id, v.id, c.id, 'treated', 'closed', now(), now(), now(), now(), true, 2900 from v, c`,
      );
      await bringUpToDate();
      expect(
        await query(
          em(),
          'select c.currency, e.kept_revenue as kept from enrolment e join customer c on c.id = e.customer_id order by c.currency',
        ),
      ).toEqual([
        { currency: 'EUR', kept: -100 },
        { currency: 'USD', kept: null },
      ]);
    } finally {
      await db.close();
    }
  });
});
