/** UTF-16 whose halves belong together, and no U+0000: PostgreSQL takes no other. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** What is said of a text that is not. */
export const notStorable = 'holds U+0000 or half a character';

type Path = readonly (string | number)[];

/** Where plain data holds what could not be stored: each text by its place, a key by the place of what it is a key of. */
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
