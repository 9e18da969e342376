import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTemplates } from '../../libs/messaging/templates/template-folder.js';
import { listAlerts, raiseAlert } from '../../libs/access/alerts.js';
import { newId } from '../../libs/platform/ids.js';
import { createLogger } from '../../libs/platform/log.js';
import { announcePresence, endPresence } from '../../libs/access/processes.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { testNow } from '../../test/harness/factories.js';
import { waitFor } from '../../test/harness/wait-for.js';
import { keepPresence, type KeptPresence } from './presence.js';
import { templateParts } from '../../libs/messaging/channels/template-parts.js';

let database: TestDatabase;
let dir: string;
let kept: KeptPresence | undefined;
beforeAll(async () => {
  database = await createTestDatabase();
  dir = mkdtempSync(join(tmpdir(), 'templates-'));
  cpSync(projectFile('config', 'templates'), dir, { recursive: true });
});
afterEach(async () => {
  await kept?.close();
  kept = undefined;
});
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await database.close();
});

const em = () => database.orm.em.fork();
const clock = { now: () => testNow, realMs: (ms: number) => ms };
const openSubjects = async () => (await listAlerts(em(), { open: true, after: null, rows: 10 })).map(({ subject }) => subject);
const raise = (subject: string) => raiseAlert(em(), { kind: 'files-broken', subject, detail: 'It is broken.' }, testNow);
const start = async () =>
  (kept = await keepPresence({
    orm: database.orm,
    kind: 'worker',
    templates: openTemplates(dir, templateParts, 'Northwind'),
    clock,
    log: createLogger('test', 'silent'),
  }));

describe('the alert about a broken file', () => {
  it('stays while another process has the file broken, and ends once that one is mended or gone', async () => {
    const other = newId();
    const file = 'templates/save-offer/en.yaml';
    await announcePresence(em(), { id: other, kind: 'dispatcher', host: 'there', pid: 1, knows: { broken: [file] } });
    await raise(file);
    await raise('treatments/of-nobody-here.yaml');
    await start();
    expect(await openSubjects()).toEqual([file]);
    await endPresence(em(), other);
    await waitFor(async () => (await openSubjects()).length === 0, 20_000);
  });

  it('that names a template stays until the text of that template changes', async () => {
    await raise('save-offer');
    await start();
    expect(await openSubjects()).toEqual(['save-offer']);
    const path = join(dir, 'save-offer', 'en.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^subject: (['"]?)/m, 'subject: $1Hear, '));
    await waitFor(async () => (await openSubjects()).length === 0, 20_000);
  });
});
