import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A text that changes with every YAML file of a folder that is written, comes or goes. */
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
