import { createHash } from 'node:crypto';
import { Migration } from '@mikro-orm/migrations';
import { renamedDefinition, renamedDocument, renamedRule, type StoredDefinition } from './0017-renamed-status.js';

/**
 * Standard terms replace words that had two meanings: a customer has churned (`left`), a journey is paused (`held`), a model was validated
 * on customers (`heldBack`). Stored rules, campaigns, treatments and published documents that name the old status or outcome are changed too,
 * so that they mean what they meant before.
 */
export class StandardWords0017 extends Migration {
  override async up(): Promise<void> {
    this.renameStates();
    await this.renameInRules();
    await this.renameInVersions();
    await this.renameInPublished();
  }

  private renameStates(): void {
    this.addSql('drop index customer_leaving');
    this.addSql('alter table customer drop constraint customer_status_check');
    this.addSql('alter table customer rename column left_at to churned_at');
    this.addSql(`update customer set status = 'churned' where status = 'left'`);
    this.addSql(`alter table customer add constraint customer_status_check check (status in ('active', 'renewed', 'churned'))`);
    this.addSql(`create index customer_leaving on customer (churned_at) where churned_at is not null and status <> 'churned'`);

    this.addSql('alter table enrolment drop constraint enrolment_state_check');
    this.addSql(`update enrolment set state = 'paused' where state = 'held'`);
    this.addSql(`alter table enrolment add constraint enrolment_state_check check (state in ('pending', 'entered', 'paused', 'closed'))`);
    this.addSql(`update enrolment set outcome = 'churned' where outcome = 'left'`);
    // The last visit of a journey that ended so is labelled with the outcome. A branch may be called `left` too: its label stays.
    this.addSql(
      `update step_visit v set label = 'churned' from enrolment e
       where e.id = v.enrolment_id and e.outcome = 'churned' and v.label = 'left'
         and v.ordinal = (select max(l.ordinal) from step_visit l where l.enrolment_id = v.enrolment_id)`,
    );

    for (const column of ['metrics', 'predecessor_metrics']) {
      this.addSql(
        `update score_model set ${column} = ${column} - 'heldBack' || jsonb_build_object('validatedOn', ${column} -> 'heldBack') where ${column} ? 'heldBack'`,
      );
    }
  }

  private async renameInRules(): Promise<void> {
    for (const { id, rule } of await this.rows<{ id: string; rule: string }>('select id, rule from segment'))
      await this.execute('update segment set rule = ? where id = ?', [renamedRule(rule), id]);
    const treatments = await this.rows<{ key: string; definition: Treatment }>('select key, definition from treatment');
    for (const { key, definition } of treatments)
      await this.execute('update treatment set definition = ?::jsonb where key = ?', [JSON.stringify(renamedTreatment(definition)), key]);
  }

  private async renameInVersions(): Promise<void> {
    const versions = await this.rows<{ id: string; source: string; definition: StoredDefinition; treatments: Treatment[] }>(
      'select id, source, definition, treatments from campaign_version',
    );
    for (const { id, source, definition, treatments } of versions)
      await this.execute('update campaign_version set source = ?, definition = ?::jsonb, treatments = ?::jsonb where id = ?', [
        renamedDocument(source),
        JSON.stringify(renamedDefinition(definition)),
        JSON.stringify(treatments.map(renamedTreatment)),
        id,
      ]);
  }

  /** Of what is published, only treatments have rules. A text is stored under its digest, so a changed text is another row. */
  private async renameInPublished(): Promise<void> {
    const documents = await this.rows<{ digest: string; text: string }>(
      `select digest, text from content_document d
       where exists (select from publication_document p where p.digest = d.digest and p.path like 'treatments/%')`,
    );
    for (const { digest, text } of documents) {
      const renamed = renamedDocument(text);
      if (renamed === text) continue;
      const newDigest = createHash('sha256').update(renamed).digest('hex');
      await this.execute('insert into content_document (digest, text) values (?, ?) on conflict (digest) do nothing', [newDigest, renamed]);
      await this.execute(`update publication_document set digest = ? where digest = ? and path like 'treatments/%'`, [newDigest, digest]);
      await this.execute(
        'delete from content_document d where digest = ? and not exists (select from publication_document p where p.digest = d.digest)',
        [digest],
      );
    }
  }

  /** These run at once, and so before the statements of `renameStates`, which touch other tables. */
  private async rows<Row>(select: string): Promise<Row[]> {
    return (await this.execute(select)) as Row[];
  }
}

interface Treatment {
  readonly eligible: string;
}

const renamedTreatment = (treatment: Treatment): Treatment => ({ ...treatment, eligible: renamedRule(treatment.eligible) });
