/** How training rows are cut from a history. */
export interface CutPlan {
  readonly now: Date;
  /** How far the score looks ahead: of a later cut it is not known yet what happened. */
  readonly horizonMs: number;
  readonly everyMs: number;
  readonly most: number;
  /** The first event that was recorded. */
  readonly earliest: Date;
  /** The longest time that any feature looks back. */
  readonly reachMs: number;
}

/**
 * The past instants at which training rows are cut, the latest first: back from the latest whose horizon has passed, as long as there is history
 * before them. Features of a cut near the first event would see less than those of today, so the first part of a history, up to the longest
 * look-back but at most half of it, is there to be looked back at.
 */
export function pastCuts({ now, horizonMs, everyMs, most, earliest, reachMs }: CutPlan): Date[] {
  const latest = now.getTime() - horizonMs;
  const first = earliest.getTime() + Math.min(reachMs, (latest - earliest.getTime()) / 2);
  return Array.from({ length: most }, (_, index) => new Date(latest - index * everyMs)).filter(
    (cut) => cut > earliest && cut.getTime() >= first,
  );
}

/** What the rows of each cut are for. */
export type Use = 'training' | 'validation' | 'neither';

/** Of the cuts, so many are measured on: a single one may hold too few to whom it happened. */
const validationShare = 0.2;

/**
 * Splits cuts by time: the latest fifth is measured on, at least one, and those are learnt from whose outcome was known before these. Undefined if
 * there are none: then customers must be split instead.
 * @param cuts the latest first
 */
export function splitByTime(cuts: readonly Date[], horizonMs: number): readonly Use[] | undefined {
  for (let validated = Math.ceil(cuts.length * validationShare); validated > 0; validated--) {
    const first = cuts[validated - 1]?.getTime() ?? 0;
    const uses = cuts.map((cut, index): Use => {
      if (index < validated) return 'validation';
      return cut.getTime() + horizonMs <= first ? 'training' : 'neither';
    });
    if (uses.includes('training')) return uses;
  }
  return undefined;
}
