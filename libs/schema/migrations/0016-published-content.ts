import { Migration } from '@mikro-orm/migrations';

/**
 * What people edit is published: stored with a version, its author and its time, the same for every process. A version of
 * a campaign keeps the publication that it was launched with.
 */
export class PublishedContent0016 extends Migration {
  override up(): void {
    this.addSql(`
create table publication (
  version int not null,
  author text not null,
  note text null,
  restores int null references publication (version),
  published_at timestamptz not null,
  primary key (version)
)`);
    this.addSql(`
create table content_document (
  digest text not null,
  text text not null,
  primary key (digest)
)`);
    this.addSql(`
create table publication_document (
  publication int not null references publication (version),
  path text not null,
  digest text not null references content_document (digest),
  primary key (publication, path)
)`);
    this.addSql('create index publication_document_digest on publication_document (digest)');
    this.addSql('alter table campaign_version add column publication int null references publication (version)');
    this.addSql('alter table campaign add column repin_on_resume boolean not null default false');
    // Whoever runs says so again within seconds.
    this.addSql('delete from running_process');
    this.addSql('alter table running_process drop column knows, add column publication int not null');
  }
}
