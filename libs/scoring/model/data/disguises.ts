/** 2026-01-31 with or without a time, 2026/01/31, 31.01.2026, 31/01/2026, 1-2-26. */
const date = /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ]\d{1,2}:\d{2}.*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2}))$/;
const mostly = 0.9;
const fewest = 20;

/** Whether nearly all texts of a column are dates. */
export function looksLikeDate(values: readonly unknown[]): boolean {
  const texts = values.filter((value) => typeof value === 'string');
  return texts.length > 0 && texts.filter((text) => date.test(text.trim())).length >= mostly * texts.length;
}

const namedAsIdentifier = /(^|[_\s.-])(id|no|nr|num|number|key|uuid|guid)$|[a-z]I[dD]$/;

/** Of whole numbers drawn by chance from their range, so many pairs would be the same; that none is cannot be chance. */
const expectedPairs = 20;

/**
 * Whether a column says who a customer is rather than how: nearly every text stands there once, or whole numbers are all different although
 * they are close together, or have a name such as customer_id.
 */
export function looksLikeIdentifier(name: string, values: readonly unknown[]): boolean {
  const known = values.filter((value) => typeof value === 'string' || typeof value === 'number');
  if (known.length < fewest) return false;
  const distinct = new Set(known).size;
  const numbers = known.filter((value) => typeof value === 'number');
  if (numbers.length === 0) return distinct > mostly * known.length;
  if (distinct < known.length || !numbers.every((value) => Number.isInteger(value))) return false;
  const range = numbers.reduce((most, value) => Math.max(most, value), -Infinity) - numbers.reduce((least, value) => Math.min(least, value), Infinity) + 1;
  return namedAsIdentifier.test(name) || known.length ** 2 / (2 * range) >= expectedPairs;
}
