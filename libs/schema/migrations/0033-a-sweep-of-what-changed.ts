import { Migration } from '@mikro-orm/migrations';

/** A score says when it changes by time alone, and a sweep is written down, so that the next one looks only at what may have changed. */
export class ASweepOfWhatChanged0033 extends Migration {
  override up(): void {
    this.addSql('alter table score add column next_change_at timestamptz null');
    this.addSql(`
create table score_sweep (
  id uuid not null,
  kind text not null,
  model_id uuid not null,
  at timestamptz not null,
  finished_at timestamptz null,
  scored int not null default 0,
  changed int not null default 0,
  primary key (id)
)`);
    this.addSql('create index score_sweep_kind_at_index on score_sweep (kind, at)');
    this.addSql(
      'alter table score_sweep add constraint score_sweep_model_id_foreign foreign key (model_id) references score_model (id) on delete cascade',
    );
    // Rows come in the order of this column, so that a summary of each range of the table is enough to find the latest.
    this.addSql('create index customer_event_received_at on customer_event using brin (received_at) with (autosummarize = on)');
  }
}
