/** The journey of an enrolment runs: an SQL condition, never null but where the enrolment is missing. @param enrolment its alias */
export const isUnderway = (enrolment: string): string => `(${enrolment}.arm = 'treated' and ${isInside(enrolment)})`;

/** A customer is inside, in either arm; a journey that waits because of a pause is. */
export const isInside = (enrolment: string): string => `(${enrolment}.state in ('entered', 'paused'))`;
