import { Migration } from '@mikro-orm/migrations';

/** When each version of a campaign was launched: until now a version was live as soon as it was stored. */
export class LaunchedVersions0008 extends Migration {
  override up(): void {
    this.addSql('alter table campaign_version add column launched_at timestamptz null');
    this.addSql(
      `update campaign_version v set launched_at = greatest(v.created_at, k.launched_at)
       from campaign k where k.id = v.campaign_id and k.launched_at is not null and v.version <= k.version`,
    );
  }
}
