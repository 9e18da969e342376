import type { EntityManager } from '@mikro-orm/postgresql';
import { makeUpHistory } from '../../../../libs/ingestion/generator/make-up-history.js';
import { Problem } from '../../../../libs/platform/problem.js';
import type { ScoreName } from '../../../../libs/scores/kinds/table.js';
import { scoreCustomers } from '../../../../libs/scoring/score-customers.js';
import { trainScore } from '../../../../libs/scoring/train-score.js';
import { withProgress } from '../progress-bar.js';

/** The scores that are learnt from made-up events. */
const kinds = ['upsell', 'crosssell', 'bad_debt'] as const satisfies readonly ScoreName[];

/** What became of one of them. */
export interface MadeScore {
  readonly kind: ScoreName;
  /** On the validation set; null where it is not in use. */
  readonly auc: number | null;
  /** Why it is not in use; empty where it is. */
  readonly why: string;
}

/**
 * Makes up a year of events for everybody, trains the scores whose outcome is among them, and scores everybody. Their figures say that
 * training finds what the generator put there, and nothing about real customers.
 */
export async function trainMadeScores(
  em: EntityManager,
  { seed, now }: { readonly seed: string; readonly now: Date },
): Promise<MadeScore[]> {
  await withProgress('Making up a year of events', (onProgress) => makeUpHistory(em, { seed, now, onProgress }));
  const scores: MadeScore[] = [];
  for (const kind of kinds) {
    const score = await trainMade(em, kind, { seed, now });
    const said = score.auc === null ? `not in use: ${score.why}` : `on made-up events: AUC ${score.auc.toFixed(4)}`;
    process.stderr.write(`  ${kind}, ${said}\n`);
    scores.push(score);
  }
  return scores;
}

async function trainMade(em: EntityManager, kind: ScoreName, { seed, now }: { seed: string; now: Date }): Promise<MadeScore> {
  try {
    const { metrics, promoted, refusedFor } = await withProgress(`Training ${kind}`, (onProgress) =>
      trainScore(em, { kind, now, seed, onProgress }),
    );
    if (!promoted) return { kind, auc: null, why: refusedFor.join('; ') };
    await scoreCustomers(em, { kind, now });
    return { kind, auc: metrics.auc ?? null, why: '' };
  } catch (error) {
    // Of a few customers there may be too little to learn from.
    if (error instanceof Problem && error.kind === 'conflict') return { kind, auc: null, why: error.message };
    throw error;
  }
}
