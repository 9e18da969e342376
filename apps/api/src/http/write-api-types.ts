import '../../../hosting/node-version.js';
import { writeFile } from 'node:fs/promises';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { readSettings } from '../../../../config/settings.js';
import { createLogger } from '../../../../libs/platform/log.js';
import { projectFile } from '../../../../libs/platform/project-file.js';
import { PublishedContent } from '../../../../libs/publishing/published-content.js';
import { openOrm } from '../../../../libs/schema/orm.js';
import { createApp } from '../create-app.js';
import { apiDocument } from './openapi.js';
import { vocabulary } from './vocabulary.js';

const absent = (): never => {
  throw new Error('Only described, never called');
};
const settings = readSettings({
  PERENNIAL_DATABASE_URL: 'postgres://127.0.0.1:1/none',
  PERENNIAL_REDIS_URL: 'redis://127.0.0.1:1',
  PERENNIAL_TEMPORAL_ADDRESS: '127.0.0.1:1',
  PERENNIAL_SECRET: 'of an api that answers nobody, only described',
  PERENNIAL_PUBLIC_URL: 'http://perennial.invalid',
  PERENNIAL_SMTP_URL: 'smtp://127.0.0.1:1',
  PERENNIAL_MAIL_FROM: 'nobody@perennial.invalid',
  PERENNIAL_REPLY_DOMAIN: 'perennial.invalid',
});

/**
 * Writes the types of the API's answers for the console, from the API's description, and the names of its kinds: at build time, from an api
 * without connections.
 */
const app = await createApp({
  settings,
  orm: await openOrm(settings.database),
  heavy: { run: absent, close: () => Promise.resolve() },
  clock: { now: absent, realMs: absent },
  log: createLogger('api-types', 'silent'),
  content: new PublishedContent(absent, settings.defaultLocale),
  commands: { command: absent, launchVersion: absent, repin: absent, wake: absent, ready: absent, close: () => Promise.resolve() },
  sweeps: { start: absent, close: () => Promise.resolve() },
});
const types = await openapiTS(apiDocument(app) as OpenAPI3, { immutable: true });
await writeFile(projectFile('dist', 'openapi.d.ts'), astToString(types));
await writeFile(projectFile('dist', 'vocabulary.json'), JSON.stringify(vocabulary()));
