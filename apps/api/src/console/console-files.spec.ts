import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFile } from '../../../../libs/platform/project-file.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';

let dir: string;
let api: TestApi;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'console-'));
  api = await startTestApi({ consoleDir: dir });
});
afterAll(async () => {
  await api.close();
  await rm(dir, { recursive: true });
});

const get = (path: string, accept = 'text/html,*/*') => api.request<string>('GET', path, { key: null, headers: { accept } });

describe('the console', () => {
  it('says how to build it if it is not built', async () => {
    const { status, body } = await get('/campaigns');
    expect(status).toBe(404);
    expect(body).toContain('npm run build');
  });

  describe('when it is built', () => {
    beforeAll(async () => {
      await mkdir(join(dir, 'assets'));
      await writeFile(join(dir, 'index.html'), '<title>the console</title>');
      await writeFile(join(dir, 'assets', 'main-abc123.js'), 'export {}');
    });

    it.each(['/', '/campaigns/save-at-risk', '/desk?state=open', '/index.html'])('is one page, and not cached: %s', async (path) => {
      const { status, headers, body } = await get(path);
      expect([status, body]).toEqual([200, '<title>the console</title>']);
      expect(headers.get('cache-control')).toBe('no-cache');
    });

    it('serves every page that its router knows', async () => {
      const router = await readFile(projectFile('apps', 'console', 'src', 'router.tsx'), 'utf8');
      const paths = [...router.matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path);
      expect(paths.length).toBeGreaterThan(5);
      for (const path of paths) expect([path, (await get(path)).status]).toEqual([path, 200]);
    });

    it('shows a browser that a page does not exist, in the console', async () => {
      const { status, body } = await get('/outreach');
      expect([status, body]).toEqual([404, '<title>the console</title>']);
    });

    it.each([
      ['/metrics', '*/*'],
      ['/metrics', 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'],
      ['/actuator/health', 'application/json'],
      ['/robots.txt', '*/*'],
      ['/.env', '*/*'],
    ])('is not returned to a program for %s', async (path, accept) => {
      const { status, body } = await get(path, accept);
      expect(status).toBe(404);
      expect(body).toMatchObject({ type: expect.stringContaining('not-found') as string });
    });

    it('lets browsers cache files with a hash in their name', async () => {
      expect((await get('/assets/main-abc123.js')).headers.get('cache-control')).toContain('immutable');
      expect((await get('/assets/main-old.js')).status).toBe(404);
    });

    it.each(['/v1/nothing', '/health/nothing', '/hooks/nothing', '/o/nothing', '/p/nothing', '/u/nothing'])(
      'is not the answer of %s',
      async (path) => {
        expect([401, 404]).toContain((await get(path)).status);
      },
    );

    it.each(['/../package.json', '/..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd'])(
      'serves no file outside of its folder: %s',
      async (path) => {
        const { body } = await get(path, '*/*');
        expect(JSON.stringify(body)).not.toMatch(/root:|"perennial"/);
      },
    );

    it('runs its own scripts only, in no frame', async () => {
      const policy = (await get('/')).headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('upgrade-insecure-requests');
    });
  });
});
