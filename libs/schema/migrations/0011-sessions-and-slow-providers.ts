import { Migration } from '@mikro-orm/migrations';

/** Sessions that can be ended, and since when a provider asks for patience. */
export class SessionsAndSlowProviders0011 extends Migration {
  override up(): void {
    for (const statement of changes.split(';\n')) this.addSql(statement);
  }
}

const changes = `
create table session (
  id uuid not null,
  api_key_id uuid not null,
  ends_at timestamptz not null,
  primary key (id)
);
create index session_ends_at_index on session (ends_at);
alter table session add constraint session_api_key_id_foreign foreign key (api_key_id) references api_key (id) on delete cascade;
alter table provider add column slow_since timestamptz null
`.trim();
