import { Migration } from '@mikro-orm/migrations';

/**
 * A challenger scores in shadow beside the champion; a promotion remembers what it replaced, so that it can be taken back. What
 * customers' scores were is kept, and what the challenger would have given them.
 */
export class ARegisterOfModels0032 extends Migration {
  override up(): void {
    this.addSql('alter table score_model drop constraint score_model_state_check');
    this.addSql(
      `alter table score_model add constraint score_model_state_check check (state in ('candidate', 'challenger', 'champion', 'retired'))`,
    );
    this.addSql(`
alter table score_model
  add column declaration jsonb null, add column data_from timestamptz null, add column data_until timestamptz null,
  add column promoted_at timestamptz null, add column replaced_id uuid null, add column profile jsonb null, add column figures jsonb null`);
    this.addSql(
      'alter table score_model add constraint score_model_replaced_id_foreign foreign key (replaced_id) references score_model (id) on delete set null',
    );
    // Models of before are of a form that is no longer read: they stay in the register, and are trained again.
    this.addSql(`update score_model set state = 'retired' where state = 'champion'`);
    this.addSql(`update score_model set promoted_at = trained_at where state in ('champion', 'retired')`);
    this.addSql(`
update score_model m set replaced_id = (
  select id from score_model e where e.kind = m.kind and e.state = 'retired' and e.version < m.version order by e.version desc limit 1)
where m.state in ('champion', 'retired')`);
    this.addSql(`create unique index score_model_champion on score_model (kind) where state = 'champion'`);
    this.addSql(`create unique index score_model_challenger on score_model (kind) where state = 'challenger'`);
    this.addSql(`
create table score_history (
  customer_id uuid not null,
  kind text not null,
  at timestamptz not null,
  value double precision not null,
  model_id uuid null,
  primary key (customer_id, kind, at)
)`);
    this.addSql(`
create table shadow_score (
  customer_id uuid not null,
  kind text not null,
  model_id uuid not null,
  value double precision not null,
  scored_at timestamptz not null,
  primary key (customer_id, kind)
)`);
    for (const table of ['score_history', 'shadow_score']) {
      const name = `${table}_customer_id_foreign`;
      this.addSql(`alter table ${table} add constraint ${name} foreign key (customer_id) references customer (id) on delete cascade`);
      this.addSql(`comment on constraint ${name} on ${table} is 'On erasure: removed.'`);
    }
    this.addSql(`
create table score_watch (
  id uuid not null,
  kind text not null,
  model_id uuid not null,
  at timestamptz not null,
  customers int not null,
  figures jsonb not null,
  primary key (id)
)`);
    this.addSql('create index score_watch_kind_at_index on score_watch (kind, at)');
    this.addSql(
      'alter table score_watch add constraint score_watch_model_id_foreign foreign key (model_id) references score_model (id) on delete cascade',
    );
  }
}
