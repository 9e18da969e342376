import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { attributeValue, lineOfText, plainNumber } from '../platform/bounds.js';
import { checkShape, placesOf } from '../platform/check-shape.js';
import { lockAllLiving } from '../customers/living.js';
import { retriedTransaction } from '../persistence/retried.js';
import { Problem } from '../platform/problem.js';
import { scoreKinds } from './kinds/table.js';
import { writeCrossings } from './crossings.js';
import { writeScores, type NewScore } from './write-scores.js';

const externalScores = z.array(
  z.object({
    customerId: z.uuid(),
    kind: scoreKinds.name,
    value: plainNumber,
    reasons: z
      .array(
        z.object({
          feature: lineOfText(),
          value: attributeValue,
          contribution: plainNumber,
        }),
      )
      .max(20)
      .default([]),
  }),
);

/** A score that another system computed. */
export type ExternalScore = z.input<typeof externalScores>[number];

export interface RecordedScores {
  readonly stored: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * Stores scores that another system computed, all or none. If a customer has several of one kind, the last one counts. The scores of
 * customers who churned or object to marketing do not change.
 * @returns the ids of the customers whose score was written, and of those who do not exist or were erased in the meantime
 * @throws Problem('invalid') naming every place that is wrong
 */
export async function recordScores(em: EntityManager, scores: readonly ExternalScore[], now: Date): Promise<RecordedScores> {
  const { data, wrong } = checkShape(externalScores, scores);
  const places =
    data?.flatMap(({ kind, value }, index) => {
      const { range } = scoreKinds.get(kind);
      if (range === undefined || (value >= range.least && value <= range.most)) return [];
      return [{ where: `${index}.value`, what: `is ${range.called}, from ${range.least} to ${range.most}` }];
    }) ?? placesOf(wrong ?? [], 'the scores');
  if (data === undefined || places.length > 0) throw new Problem('invalid', 'These scores are not valid', places);
  const latest = new Map<string, NewScore>(data.map((score) => [`${score.customerId} ${score.kind}`, score]));
  return retriedTransaction(em, 5, async (tx) => {
    const named = data.map(({ customerId }) => customerId);
    const living = await lockAllLiving(tx, named);
    const written = await writeScores(tx, [...latest.values()], null, now);
    await writeCrossings(tx, written, now);
    return { stored: written.map(({ customerId }) => customerId), unknown: [...new Set(named)].filter((id) => !living.has(id)) };
  });
}
