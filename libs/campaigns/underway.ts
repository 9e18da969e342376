/** The journey of an enrolment runs: an SQL condition, null only if the enrolment is missing. @param enrolment its alias */
export const isUnderway = (enrolment: string): string => `(${enrolment}.arm = 'treated' and ${isInside(enrolment)})`;

/** A customer is inside, in either arm, also while the journey is paused. */
export const isInside = (enrolment: string): string => `(${enrolment}.state in ('entered', 'paused'))`;
