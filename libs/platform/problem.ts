/** The kinds of error that a caller can act on. Each maps to one HTTP status, once, in the api's problem filter. */
export type ProblemKind =
  'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'too-large' | 'unsupported' | 'unavailable';

/** One thing that is wrong, and where: a field, a line of a file, a step of a journey. */
export interface ProblemPlace {
  readonly where: string;
  readonly what: string;
}

/**
 * An error that is shown to the caller in full: what is wrong, where, and what to do about it. It never contains personal data. Any other
 * thrown error is a defect and goes to the log only.
 */
export class Problem extends Error {
  constructor(
    readonly kind: ProblemKind,
    readonly title: string,
    readonly places: readonly ProblemPlace[] = [],
    /** What the caller can do, as one sentence. */
    readonly remedy?: string,
  ) {
    super(places.length === 0 ? title : `${title}: ${places.map((place) => `${place.where}: ${place.what}`).join('; ')}`);
    this.name = 'Problem';
  }
}

export const notFound = (what: string, id: string): Problem => new Problem('not-found', `There is no ${what} ${id}`);
export const conflict = (title: string, remedy?: string): Problem => new Problem('conflict', title, [], remedy);
