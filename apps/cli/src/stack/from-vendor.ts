import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { cached } from './cache.js';
import type { Place } from './part.js';
import { reasonOf } from './what-failed.js';

const run = promisify(execFile);
const downloadInfo = z.object({ archiveUrl: z.url({ protocol: /^https$/ }) });

/**
 * Temporal's own download service, the one that its SDKs ask for their test servers: a JSON answer names the archive.
 * @param project as the service calls it: `cli` or `temporal-test-server`
 * @param version as the service calls it: `v1.9.1`, or `default`
 */
export function fromTemporalDownload(project: string, version: string, program: string): Place {
  return async (around) => {
    const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
    if (architecture === undefined) return { passed: `temporal.download has nothing for ${process.arch}` };
    const directory = join(around.cacheDir, `temporal.download-${project}-${version}-${process.platform}-${process.arch}`);
    try {
      const path = await cached(directory, program, async (into) => {
        const query = new URLSearchParams({ platform: process.platform, arch: architecture, format: 'tar.gz' });
        const info = await get(`https://temporal.download/${project}/${version}?${query.toString()}`, 15_000);
        const archive = await get(downloadInfo.parse(await info.json()).archiveUrl, 300_000);
        const file = join(into, 'archive.tar.gz');
        await writeFile(file, Buffer.from(await archive.arrayBuffer()));
        await run('tar', ['-xzf', file, '-C', into]);
      });
      return { kind: 'program', path, source: `temporal.download (${project} ${version})` };
    } catch (error) {
      return { passed: `temporal.download could not be reached or read: ${reasonOf(error)}` };
    }
  };
}

async function get(url: string, timeoutMs: number): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  return response;
}
