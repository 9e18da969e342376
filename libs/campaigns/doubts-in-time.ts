import type { HeavyWork } from '../persistence/heavy-work.js';
import { Problem, type ProblemPlace } from '../platform/problem.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import type { CampaignDefinition } from './definition.js';
import { doubtsAbout } from './doubts.js';
import type { Known } from './read-steps.js';

/** Real milliseconds for each statement that compares a definition with the customers. */
const usualLimitMs = 10_000;

export interface Doubted {
  readonly definition: CampaignDefinition;
  /** Of the treatments that it names. */
  readonly terms: readonly TreatmentDefinition[];
  readonly known: Pick<Known, 'needsOf'>;
  readonly now: Date;
}

/** What there is to doubt about a definition (see `doubtsAbout`). A look that takes too long stops nothing: it is said that there was none. */
export async function doubtsInTime(
  heavy: HeavyWork,
  left: AbortSignal,
  { definition, terms, known, now }: Doubted,
  limitMs = usualLimitMs,
): Promise<ProblemPlace[]> {
  try {
    return await heavy.run(left, (em) => doubtsAbout(em, definition, terms, known, now), limitMs);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'unavailable') throw error;
    return [{ where: 'the customers', what: 'were not looked through: it took too long' }];
  }
}
