import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A text that changes whenever a YAML file of the folder is written, added or removed. */
export function folderStamp(dir: string): string {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => {
      const { mtimeMs, size } = statSync(join(dir, name));
      return `${name} ${String(mtimeMs)} ${String(size)}`;
    })
    .join('\n');
}
