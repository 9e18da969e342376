/** UTF-16 with complete surrogate pairs and without U+0000: PostgreSQL stores no other text. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** The error for a text that cannot be stored. */
export const notStorable = 'contains U+0000 or half a character';

type Path = readonly (string | number)[];

/** The places in plain data that could not be stored: a text has its own place, a key has the place of its object. */
export function unstorableIn(data: unknown): Path[] {
  const found: Path[] = [];
  const seen = new Set<object>();
  const todo: { readonly path: Path; readonly value: unknown }[] = [{ path: [], value: data }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { path, value } = next;
    if (typeof value === 'string' && !isStorable(value)) found.push(path);
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Array.isArray(value)) todo.push(...value.map((each: unknown, index) => ({ path: [...path, index], value: each })));
    else if (!Object.keys(value).every(isStorable)) found.push(path);
    else todo.push(...Object.entries(value).map(([key, each]: [string, unknown]) => ({ path: [...path, key], value: each })));
  }
  return found;
}
