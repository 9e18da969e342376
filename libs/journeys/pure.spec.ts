import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Every module that `file` loads at run time, itself included. */
function reach(file: string, found = new Map<string, readonly string[]>()): Map<string, readonly string[]> {
  if (found.has(file)) return found;
  const imports = [...readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*? from '([^']+)';/gm)].map(
    (match) => match[1] ?? '',
  );
  found.set(file, imports);
  for (const target of imports.filter((name) => name.startsWith('.'))) reach(join(dirname(file), target.replace(/\.js$/, '.ts')), found);
  return found;
}

describe('what the engine loads', () => {
  const found = reach(join(import.meta.dirname, 'engine.ts'));

  it('is only pure rules and the validation library: no database, no network, no framework', () => {
    expect([...new Set([...found.values()].flat().filter((name) => !name.startsWith('.')))]).toEqual(['zod']);
    expect(found.size).toBeGreaterThan(9);
  });

  it('never reads the clock or random numbers', () => {
    for (const file of found.keys()) expect(readFileSync(file, 'utf8')).not.toMatch(/\bDate\b|Math\.random|process\.|performance\./);
  });
});
