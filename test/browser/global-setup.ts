import type * as Chromium from './find-chromium.js';
import type * as Servers from '../harness/global-setup.js';

// As they are called on disk: nothing resolves `./x.js` to `./x.ts` here before the harness's own set-up has seen to that.
const chromiumFile: string = './find-chromium.ts';
const serversFile: string = '../harness/global-setup.ts';

/** What jest runs once before all browser specs. A missing browser is reported before a server is started. */
export default async function setUp(): Promise<void> {
  const { findChromium } = (await import(chromiumFile)) as typeof Chromium;
  process.env['PERENNIAL_CHROMIUM'] = await findChromium(process.env);
  const { default: startServers } = (await import(serversFile)) as typeof Servers;
  await startServers();
}
