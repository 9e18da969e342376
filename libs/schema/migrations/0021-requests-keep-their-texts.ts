import { Migration } from '@mikro-orm/migrations';

/**
 * A message that was requested outside of a campaign is written from the publication of its request. Existing
 * requests take the newest publication that has their template.
 */
export class RequestsKeepTheirTexts0021 extends Migration {
  override up(): void {
    this.addSql('alter table message_request add column publication int null');
    this.addSql(
      'alter table message_request add constraint message_request_publication_foreign foreign key (publication) references publication (version) on delete no action',
    );
    this.addSql(
      `update message_request q set publication = d.publication
       from (select split_part(path, '/', 2) as template, max(publication) as publication from publication_document
             where path like 'templates/%/%' group by 1) d
       where d.template = q.template`,
    );
  }
}
