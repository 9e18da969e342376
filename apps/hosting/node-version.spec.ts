import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const programs = ['apps/api', 'apps/worker', 'apps/dispatcher', 'apps/cli'].map((app) => `${app}/src/main.ts`);

/** Runs the check as a Node.js of that version would. */
function runAs(version: string): { readonly status: number | null; readonly stderr: string } {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  const given = ['--no-warnings', '--import', `data:text/javascript,${encodeURIComponent(pretend)}`, path('apps/hosting/node-version.ts')];
  const { status, stderr } = spawnSync(process.execPath, given, { encoding: 'utf8', env: {} });
  return { status, stderr };
}

describe('the version of Node.js', () => {
  it('is refused in one sentence if it is too old', () => {
    for (const version of ['20.20.2', '23.11.0', '9.0.0']) {
      const { status, stderr } = runAs(version);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^Perennial needs Node\.js 24 or newer, and this is [\d.]+: use .*\n$/);
      expect(stderr).toContain(version);
    }
    for (const version of ['24.0.0', '25.1.0', '100.0.0']) expect(runAs(version)).toEqual({ status: 0, stderr: '' });
  });

  it('is checked first by every program', () => {
    for (const program of [...programs, 'bench/main.ts', 'test/crash/main.ts']) {
      const [first] = readFileSync(path(program), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('import '));
      expect([program, first]).toEqual([program, expect.stringMatching(/^import '.*\/node-version\.js';$/)]);
    }
  });
});
