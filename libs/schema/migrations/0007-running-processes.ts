import { Migration } from '@mikro-orm/migrations';

/** The processes that run, and what each of them knows: a launch asks those that will do the work. */
export class RunningProcesses0007 extends Migration {
  override up(): void {
    this.addSql(`
create table running_process (
  id uuid not null,
  kind text not null,
  host text not null,
  pid int not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  knows jsonb not null,
  primary key (id)
)`);
  }
}
