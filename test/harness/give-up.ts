import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../libs/platform/ids.js';
import { query } from '../../libs/persistence/sql.js';

/** The next row that is inserted into a table ends its transaction, as PostgreSQL ends one of two that wait for each other. */
export async function giveUpOnce(em: EntityManager, table: string): Promise<void> {
  const name = `given_up_${newId().replaceAll('-', '')}`;
  // A sequence counts also in a transaction that is rolled back.
  await query(em, `create sequence ${name}`);
  await query(
    em,
    `create function ${name}() returns trigger language plpgsql as $$ begin
       if nextval('${name}') = 1 then raise exception 'given up' using errcode = 'deadlock_detected'; end if;
       return new;
     end $$`,
  );
  await query(em, `create trigger ${name} before insert on ${table} for each row execute function ${name}()`);
}
