import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  it('says how to build it where it is not built', async () => {
    const { status, body } = await get('/campaigns');
    expect(status).toBe(404);
    expect(body).toContain('npm run build');
  });

  describe('once built', () => {
    beforeAll(async () => {
      await mkdir(join(dir, 'assets'));
      await writeFile(join(dir, 'index.html'), '<title>the console</title>');
      await writeFile(join(dir, 'assets', 'main-abc123.js'), 'export {}');
    });

    it.each(['/', '/campaigns/save-at-risk', '/index.html', '/outreach'])('is one page, and not kept: %s', async (path) => {
      const { status, headers, body } = await get(path);
      expect([status, body]).toEqual([200, '<title>the console</title>']);
      expect(headers.get('cache-control')).toBe('no-cache');
    });

    it('keeps files with a hash in their name', async () => {
      expect((await get('/assets/main-abc123.js')).headers.get('cache-control')).toContain('immutable');
      expect((await get('/assets/main-old.js')).status).toBe(404);
    });

    it.each(['/v1/nothing', '/health/nothing', '/hooks/nothing', '/o/nothing', '/p/nothing', '/u/nothing'])(
      'is not what %s answers',
      async (path) => {
        expect([401, 404]).toContain((await get(path)).status);
      },
    );

    it.each(['/../package.json', '/..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd'])(
      'gives away nothing beside it: %s',
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
