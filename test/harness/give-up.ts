import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../libs/platform/ids.js';
import { query } from '../../libs/persistence/sql.js';

/**
 * Makes the next insert into a table end its transaction, in the way PostgreSQL ends one of two deadlocked transactions.
 * @returns counts the inserts since then, the one that ended its transaction included
 */
export async function giveUpOnce(em: EntityManager, table: string): Promise<() => Promise<number>> {
  const name = `given_up_${newId().replaceAll('-', '')}`;
  // A sequence also counts in a transaction that is rolled back.
  await query(em, `create sequence ${name}`);
  await query(
    em,
    `create function ${name}() returns trigger language plpgsql as $$ begin
       if nextval('${name}') = 1 then raise exception 'given up' using errcode = 'deadlock_detected'; end if;
       return new;
     end $$`,
  );
  await query(em, `create trigger ${name} before insert on ${table} for each row execute function ${name}()`);
  return async () => (await query<{ inserts: number }>(em, `select last_value::int as inserts from ${name}`))[0]?.inserts ?? 0;
}
