import type { HeavyWork } from '../persistence/heavy-work.js';
import { Problem, type ProblemPlace } from '../platform/problem.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import type { CampaignDefinition } from './definition.js';
import { warningsAbout } from './warnings.js';
import type { Known } from './read-steps.js';

/** Real milliseconds for each statement that compares a definition with the customers. */
const usualLimitMs = 10_000;

export interface WarnedAbout {
  readonly definition: CampaignDefinition;
  /** Of the treatments that it names. */
  readonly terms: readonly TreatmentDefinition[];
  readonly known: Pick<Known, 'needsOf'>;
  readonly now: Date;
}

/** The warnings about a definition (see `warningsAbout`). A check that takes too long stops nothing: it is reported as skipped. */
export async function warningsInTime(
  heavy: HeavyWork,
  gone: AbortSignal,
  { definition, terms, known, now }: WarnedAbout,
  limitMs = usualLimitMs,
): Promise<ProblemPlace[]> {
  try {
    return await heavy.run(gone, (em) => warningsAbout(em, definition, terms, known, now), limitMs);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'unavailable') throw error;
    return [{ where: 'the customers', what: 'were not checked: it took too long' }];
  }
}
