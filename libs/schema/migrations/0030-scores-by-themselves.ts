import { Migration } from '@mikro-orm/migrations';

/**
 * Scores belong to a layer below that of the models, so their table no longer refers to the table of models. A model is never deleted:
 * nothing is lost, and a sweep that writes a million scores looks none of them up.
 */
export class ScoresByThemselves0030 extends Migration {
  override up(): void {
    this.addSql('alter table score drop constraint score_model_id_foreign');
  }
}
