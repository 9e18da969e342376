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
  restores int null,
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
  publication int not null,
  path text not null,
  digest text not null,
  primary key (publication, path),
  constraint publication_document_publication_foreign foreign key (publication) references publication (version),
  constraint publication_document_digest_foreign foreign key (digest) references content_document (digest)
)`);
    this.addSql('create index publication_document_digest_index on publication_document (digest)');
    this.addSql('alter table campaign_version add column publication int null');
    this.addSql(
      'alter table campaign_version add constraint campaign_version_publication_foreign foreign key (publication) references publication (version) on delete no action',
    );
    this.addSql('alter table campaign add column repin_on_resume boolean not null default false');
    // Whoever runs says so again within seconds.
    this.addSql('delete from running_process');
    this.addSql('alter table running_process drop column knows, add column publication int not null');
  }
}
