/** Of PostgreSQL, about a prepared statement: the columns of its result changed (by a migration), its name is unknown or taken (behind a pooler). */
const outdatedPlan: ReadonlySet<string> = new Set(['0A000', '26000', '42P05']);
/** serialization_failure and deadlock_detected: PostgreSQL ended the transaction in favour of another. */
const endedForAnother: ReadonlySet<string> = new Set(['40001', '40P01']);

/** Whether a prepared statement was refused because of its preparation: under another name it may succeed. */
export const isOutdatedPlan = (code: string): boolean => outdatedPlan.has(code);

/** Whether the same transaction may succeed if it is tried again. */
export const isPassing = (code: string): boolean => endedForAnother.has(code) || outdatedPlan.has(code);
