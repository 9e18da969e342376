import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../../../libs/platform/progress.js';

/**
 * Shows the progress of a long task: a bar on a terminal, otherwise one line at the end. Standard output stays free.
 * @returns what the work returned
 */
export async function withProgress<Result>(title: string, work: (progress: Progress) => Promise<Result>): Promise<Result> {
  const began = performance.now();
  const bar = process.stderr.isTTY
    ? new SingleBar({ format: `${title.padEnd(32)} {bar} {value} of {total}`, hideCursor: true, clearOnComplete: true }, Presets.rect)
    : undefined;
  bar?.start(1, 0);
  try {
    return await work((done, total) => {
      bar?.setTotal(total ?? done);
      bar?.update(done);
    });
  } finally {
    bar?.stop();
    process.stderr.write(`${title.padEnd(32)} ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  }
}
