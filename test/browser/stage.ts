import { chromium, type BrowserContextOptions, type Page } from 'playwright-core';
import { startTestApi, type TestApi } from '../harness/api.js';
import { resource } from '../harness/resource.js';

/** Real milliseconds that a page has for anything; far more than it needs, as a deadline is no measurement. */
export const patience = 15_000;

export interface WindowOptions extends BrowserContextOptions {
  /** Answers that the test provokes, as in `401 GET /v1/campaigns`; any other from 400 on is a complaint. */
  readonly refusals?: readonly string[];
}

/** The real api with the built console, and a browser before it. */
export interface Stage {
  readonly api: TestApi;
  /** Opens an empty window with cookies of its own. */
  open(options?: WindowOptions): Promise<Page>;
  /** Opens a window that has signed in, at a page of the console. */
  openConsole(path: string, options?: WindowOptions): Promise<Page>;
  /**
   * Closes all windows.
   * @returns what none of them should have done: requests to elsewhere, refused requests, errors on the console or in scripts
   */
  closeWindows(): Promise<string[]>;
  close(): Promise<void>;
}

export async function startStage(): Promise<Stage> {
  const executablePath = process.env['PERENNIAL_CHROMIUM'];
  if (executablePath === undefined) throw new Error('PERENNIAL_CHROMIUM is not set: run the browser tests through `npm run test:browser`.');
  const api = await startTestApi({ consoleDir: await resource('console') });
  const browser = await chromium.launch({ executablePath });
  const complaints: string[] = [];

  const open: Stage['open'] = async ({ refusals = [], ...options } = {}) => {
    // Without motion there is no half-faded text, whose contrast nobody means.
    const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== api.url && url.protocol !== 'data:') complaints.push(`asked elsewhere: ${request.url()}`);
    });
    page.on('response', (response) => {
      const failed = `${String(response.status())} ${response.request().method()} ${new URL(response.url()).pathname}`;
      if (response.status() >= 400 && !refusals.includes(failed)) complaints.push(failed);
    });
    page.on('console', (message) => {
      const isRefusal = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isRefusal) complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
    return page;
  };

  return {
    api,
    open,
    openConsole: async (path, options) => {
      const page = await open(options);
      await page.goto(`${api.url}${path}#key=${api.key}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      return page;
    },
    closeWindows: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
      return complaints.splice(0);
    },
    close: async () => {
      await browser.close();
      await api.close();
    },
  };
}
