import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listAlerts } from '../../libs/access/alerts.js';
import { presentProcesses } from '../../libs/access/processes.js';
import { changeState } from '../../libs/lifecycle/change-state.js';
import { insertPublication, latestPublication, listPublications } from '../../libs/content/publications.js';
import { query, queryOne } from '../../libs/persistence/sql.js';
import { createLogger } from '../../libs/platform/log.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { readContentFolder } from '../../libs/publishing/content.js';
import { publish, rollBack } from '../../libs/publishing/publish.js';
import type { PublishedContent } from '../../libs/publishing/published-content.js';
import { publishedContent, shippedDocuments } from '../../test/harness/content.js';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCampaign, testNow } from '../../test/harness/factories.js';
import { waitFor } from '../../test/harness/wait-for.js';
import { followFiles } from './follow-files.js';
import { openContent } from './open-content.js';
import { keepPresence } from './presence.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

const em = () => database.orm.em.fork();
const clock = { now: () => testNow, realMs: (ms: number) => ms };
const log = createLogger('test', 'silent');
const openAlerts = async () => (await listAlerts(em(), { open: true, after: null, rows: 10 })).map(({ kind, subject }) => [kind, subject]);
const latest = async () => (await latestPublication(em()))?.version;

describe('a process', () => {
  let content: PublishedContent;
  let kept: { close(): Promise<void> };
  beforeEach(async () => {
    content = await publishedContent(em);
    kept = await keepPresence({ orm: database.orm, kind: 'worker', content, clock, log });
  });
  afterEach(() => kept.close());
  const uses = async () => (await presentProcesses(em())).map(({ kind, publication }) => [kind, publication]);

  it('loads a publication, and reports that', async () => {
    expect(await uses()).toEqual([['worker', 1]]);
    await publish(em(), { documents: await shippedDocuments({ 'scores/churn.yaml': undefined }), author: 'a test' }, 'en', testNow);
    await waitFor(async () => (await uses())[0]?.[1] === 2, 20_000);
    expect(content.latest.scores.has('churn')).toBe(false);
  });

  it('loads publications, and shows that it runs, although what it does before fails', async () => {
    await kept.close();
    const before = () => Promise.reject(new Error('the files are gone'));
    kept = await keepPresence({ orm: database.orm, kind: 'worker', content, clock, log, before });
    await publish(em(), { documents: await shippedDocuments({ 'scores/churn.yaml': undefined }), author: 'a test' }, 'en', testNow);
    await waitFor(async () => (await uses())[0]?.[1] === 2, 20_000);
    expect(content.version).toBe(2);
  });

  it('keeps the previous publication if it cannot use the latest, and reports that until it can', async () => {
    const documents = await shippedDocuments({ 'templates/save-offer/en.yaml': 'subject: "never closed' });
    await em().transactional((tx) => insertPublication(tx, { documents, author: 'newer code', note: null, restores: null }, testNow));
    await waitFor(async () => (await openAlerts()).length > 0, 20_000);
    expect(await openAlerts()).toEqual([['publication-not-used', 'worker']]);
    expect([content.version, content.latest.templates.keys]).toEqual([1, ['save-offer', 'save-reminder']]);
    expect(await uses()).toEqual([['worker', 1]]);
    await publish(em(), { documents: await shippedDocuments(), author: 'a test' }, 'en', testNow);
    await waitFor(async () => (await openAlerts()).length === 0, 20_000);
    expect(content.version).toBe(3);
  });
});

it('a live campaign whose rules a process cannot read pauses before the process does any work for it', async () => {
  const content = await publishedContent(em);
  const campaign = await makeCampaign(em());
  await query(
    em(),
    `update campaign_version set definition = jsonb_set(definition, '{audience}', '"customer.shoe_size > 3"') where campaign_id = $1`,
    [campaign.id],
  );
  await (await keepPresence({ orm: database.orm, kind: 'dispatcher', content, clock, log })).close();
  const { state, reason } =
    (await queryOne<{ state: string; reason: string }>(em(), 'select state, pause_reason as reason from campaign where id = $1', [
      campaign.id,
    ])) ?? {};
  expect([state, reason]).toEqual(['paused', expect.stringContaining('customer.shoe_size')]);
  await expect(em().transactional((tx) => changeState(tx, campaign.id, 'resume', testNow))).resolves.toBe('live');
});

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'content-'));
    cpSync(projectFile('config'), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (path: string, edit: (text: string) => string): void =>
    writeFileSync(join(folder, path), edit(readFileSync(join(folder, path), 'utf8')));

  it('are published by the first process that finds no publication, and by no other', async () => {
    await Promise.all(Array.from({ length: 3 }, () => openContent(database.orm, 'en', clock, folder)));
    expect(await listPublications(em(), null, 10)).toMatchObject([{ version: 1, author: 'system' }]);
    write('treatments/free-upgrade.yaml', (text) => text.replace(/^title: .*$/m, 'title: Something else'));
    expect((await openContent(database.orm, 'en', clock, folder)).version).toBe(1);
  });

  it('that are followed are published when they change, all or none, and an alert reports errors', async () => {
    const content = await openContent(database.orm, 'en', clock, folder);
    const look = followFiles({ orm: database.orm, folder, company: 'en', author: 'ada', clock, log });
    await look();
    expect(await latest()).toBe(1);

    write('treatments/free-upgrade.yaml', (text) => text.replace(/^title: .*$/m, 'title: Something else'));
    await look();
    await look();
    expect(await listPublications(em(), null, 1)).toMatchObject([
      { version: 2, author: 'ada', changes: [{ path: 'treatments/free-upgrade.yaml', change: 'changed' }] },
    ]);

    const sound = readFileSync(join(folder, 'templates/save-offer/de.yaml'), 'utf8');
    write('templates/save-offer/de.yaml', () => 'subject: "never closed');
    write('treatments/free-upgrade.yaml', (text) => text.replace(/^title: .*$/m, 'title: Half done'));
    await look();
    expect([await latest(), await openAlerts()]).toEqual([2, [['files-broken', 'templates/save-offer/de.yaml']]]);
    write('templates/save-offer/de.yaml', () => sound);
    await look();
    expect([await latest(), await openAlerts()]).toEqual([3, []]);
    await content.loadLatest();
    expect(content.latest.treatments.map(({ title }) => title)).toContain('Half done');
  });

  it('that are followed and too large together are reported as one alert, until they are smaller', async () => {
    await openContent(database.orm, 'en', clock, folder);
    const look = followFiles({ orm: database.orm, folder, company: 'en', author: 'ada', clock, log });
    const large = Array.from({ length: 30 }, (_, index) => join(folder, 'templates', `large-${String(index)}`));
    for (const template of large) {
      mkdirSync(template);
      writeFileSync(join(template, 'en.yaml'), `# ${'x'.repeat(190_000)}`);
    }
    await look();
    expect([await latest(), await openAlerts()]).toEqual([1, [['files-broken', 'all documents']]]);
    const [alert] = await listAlerts(em(), { open: true, after: null, rows: 1 });
    expect(alert?.detail).toMatch(
      /^all documents: have 5\.\d\d MiB together; 4\.00 MiB are the most, templates\/large-\d+\/en\.yaml has 0\.18 MiB/,
    );
    for (const template of large) rmSync(template, { recursive: true });
    await look();
    expect([await latest(), await openAlerts()]).toEqual([1, []]);
  });

  it('that are followed are not published over a rollback: an alert says what differs, until somebody publishes', async () => {
    const title = (words: string): void => write('treatments/free-upgrade.yaml', (text) => text.replace(/^title: .*$/m, `title: ${words}`));
    const detail = async () => (await listAlerts(em(), { open: true, after: null, rows: 1 }))[0]?.detail;
    await openContent(database.orm, 'en', clock, folder);
    title('A mistake');
    const follow = { orm: database.orm, folder, company: 'en', author: 'ada', clock, log };
    const look = followFiles(follow);
    await look();
    await rollBack(em(), 1, { author: 'bob' }, 'en', testNow);
    await look();
    expect([await latest(), await openAlerts()]).toEqual([3, [['files-not-published', 'files']]]);
    expect(await detail()).toMatch(/^Version 3, by bob, is version 1 again.*~ treatments\/free-upgrade.yaml.*perennial publish/);

    await rollBack(em(), 2, { author: 'eve' }, 'en', testNow);
    await look();
    expect([await latest(), await openAlerts()]).toEqual([4, []]);
    await rollBack(em(), 1, { author: 'eve' }, 'en', testNow);
    await look();
    expect(await detail()).toMatch(/^Version 5, by eve, is version 1 again/);

    await followFiles(follow)();
    title('Another try');
    await look();
    expect([await latest(), await openAlerts()]).toEqual([5, [['files-not-published', 'files']]]);

    await publish(em(), { documents: await readContentFolder(folder), author: 'ada' }, 'en', testNow);
    expect([await latest(), await openAlerts()]).toEqual([6, []]);
    title('And on');
    await look();
    expect(await latest()).toBe(7);

    // Another version that is no rollback replaces files on purpose.
    await publish(em(), { documents: await shippedDocuments(), author: 'bob' }, 'en', testNow);
    await look();
    expect(await latest()).toBe(8);
  });
});
