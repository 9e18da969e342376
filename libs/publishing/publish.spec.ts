import { readFileSync } from 'node:fs';
import { query, queryOne } from '../persistence/sql.js';
import { documentsOf, listPublications } from '../content/publications.js';
import { publishedContent, shippedDocuments } from '../../test/harness/content.js';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCampaign, testNow } from '../../test/harness/factories.js';
import { newId } from '../platform/ids.js';
import { projectFile } from '../platform/project-file.js';
import { listTreatments } from '../treatments/treatments.js';
import { documentsFor } from './documents-for.js';
import { publish, publishFirst, rollBack, type PublishRequest } from './publish.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

const em = () => database.orm.em.fork();
const put = (request: Partial<PublishRequest> & Pick<PublishRequest, 'documents'>) =>
  publish(em(), { author: 'ada', ...request }, 'en', testNow);
const german = 'templates/save-offer/de.yaml';
const upgrade = 'treatments/free-upgrade.yaml';
async function edited(path: string, edit: (text: string) => string) {
  return shippedDocuments({ [path]: edit((await shippedDocuments()).get(path) ?? '') });
}
const count = async (table: string) => (await queryOne<{ count: number }>(em(), `select count(*) from ${table}`))?.count;

describe('a publication', () => {
  it('has a version, an author, a time and its changes, and stores each text once', async () => {
    const first = await put({ documents: await shippedDocuments(), note: 'the first' });
    expect(first).toMatchObject({ version: 1, created: true });
    const texts = await count('content_document');
    const documents = await edited(upgrade, (text) => text.replace(/^title: .*$/m, 'title: Something else'));
    expect(await put({ documents, author: 'bob' })).toEqual({ version: 2, created: true, changes: [{ path: upgrade, change: 'changed' }] });
    expect(await count('content_document')).toBe((texts ?? 0) + 1);
    expect(await listPublications(em(), null, 5)).toMatchObject([
      { version: 2, author: 'bob', note: null, restores: null, publishedAt: testNow, changes: [{ path: upgrade, change: 'changed' }] },
      { version: 1, author: 'ada', note: 'the first', changes: [...documents.keys()].sort().map((path) => ({ path, change: 'added' })) },
    ]);
    expect(await documentsOf(em(), 2)).toEqual(documents);
    expect((await listTreatments(em())).map(({ title }) => title)).toContain('Something else');
  });

  it('is not made if nothing differs, or by a dry run, which reports the changes', async () => {
    await put({ documents: await shippedDocuments() });
    expect(await put({ documents: await shippedDocuments() })).toEqual({ version: 1, created: false, changes: [] });
    const without = await shippedDocuments({ [upgrade]: undefined, 'treatments/extra.yaml': await textAs('extra') });
    expect(await put({ documents: without, dryRun: true })).toEqual({
      version: 1,
      created: false,
      changes: [
        { path: 'treatments/extra.yaml', change: 'added' },
        { path: upgrade, change: 'removed' },
      ],
    });
    expect(await count('publication')).toBe(1);
  });

  it('is refused as a whole, with every error of every document', async () => {
    await put({ documents: await shippedDocuments() });
    const documents = await shippedDocuments({
      [german]: 'subject: "never closed',
      [upgrade]: (await textAs('free-upgrade')).replace(/^eligible: .*$/m, 'eligible: customer.shoe_size > 3'),
      'attributes.yaml': 'attributes: { plan: { type: string, description: taken } }',
      'replies/en.yaml': 'language: english',
      'quiet-hours.yaml': undefined,
      'notes.yaml': 'a: b',
    });
    const refused: unknown = await put({ documents }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'invalid' });
    const places = (refused as { places: readonly { where: string }[] }).places.map(({ where }) => where.replace(/:\d+$/, ''));
    expect(new Set(places)).toEqual(
      new Set([
        'attributes.yaml',
        german,
        upgrade,
        'replies/en.yaml',
        'quiet-hours.yaml',
        'notes.yaml',
        ...places.filter((where) => where.startsWith('treatments/') || where.startsWith('templates/')),
      ]),
    );
    expect(await count('publication')).toBe(1);
    expect((await listTreatments(em())).length).toBe(3);
  });

  it.each<[string, Record<string, string>]>([
    ['with an alias that is not declared', { [upgrade]: 'treatment: *nobody' }],
    ['with a text that cannot be stored', { [upgrade]: 'title: "a\u0000b"' }],
    ['with an escape of what cannot be stored', { [upgrade]: 'title: "a\\0b"' }],
    ['of an enormous text', { [upgrade]: 'x'.repeat(300_000) }],
    ['with two treatments of one name', { 'treatments/copy.yaml': '' }],
  ])('is refused %s, and nothing is stored', async (_, others) => {
    const text = others['treatments/copy.yaml'] === '' ? { 'treatments/copy.yaml': await textAs('free-upgrade') } : others;
    await expect(put({ documents: await shippedDocuments(text) })).rejects.toMatchObject({ kind: 'invalid' });
    expect(await count('content_document')).toBe(0);
  });

  it('is refused if another was made since the one that its author has seen', async () => {
    await put({ documents: await shippedDocuments() });
    await put({ documents: await shippedDocuments({ [upgrade]: undefined }), onto: 1, author: 'bob' });
    await expect(put({ documents: await shippedDocuments({ 'scores/churn.yaml': undefined }), onto: 1 })).rejects.toMatchObject({
      kind: 'conflict',
      title: 'It was made for version 1, and version 2 is the latest, by bob',
    });
    expect(await count('publication')).toBe(2);
  });

  it('gets its own version if many publish at once, and only one if all are based on the same version', async () => {
    const each = await Promise.all(
      Array.from({ length: 4 }, async (_, n) => put({ documents: await edited(upgrade, (text) => `${text}# ${String(n)}\n`) })),
    );
    expect(each.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4]);
    const onto = await Promise.allSettled(
      Array.from({ length: 4 }, async (_, n) =>
        put({ documents: await edited(upgrade, (text) => `${text}# again ${String(n)}\n`), onto: 4 }),
      ),
    );
    expect(onto.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is never dated before the previous one', async () => {
    await put({ documents: await shippedDocuments() });
    const before = new Date(testNow.getTime() - 1_000);
    await publish(em(), { documents: await shippedDocuments({ [upgrade]: undefined }), author: 'bob' }, 'en', before);
    expect(await listPublications(em(), null, 5)).toMatchObject([{ publishedAt: testNow }, { publishedAt: testNow }]);
  });

  it('may not remove a field that the rule of a running campaign or of a segment uses', async () => {
    await put({ documents: await shippedDocuments() });
    await makeCampaign(em(), { key: 'runs', definition: { audience: 'customer.contract == "month-to-month"' } });
    await makeCampaign(em(), { key: 'ended', state: 'cancelled', definition: { audience: 'customer.internet_service == "dsl"' } });
    await query(em(), `insert into segment (id, name, rule, created_at) values ($1, 'seniors', 'customer.senior_citizen', $2)`, [
      newId(),
      testNow,
    ]);
    const bare = {
      ...Object.fromEntries(
        [...(await shippedDocuments()).keys()].filter((path) => path.startsWith('treatments/')).map((path) => [path, undefined]),
      ),
    };
    const documents = await shippedDocuments({ ...bare, 'attributes.yaml': 'attributes: {}' });
    const refused: unknown = await put({ documents }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'invalid' });
    const wheres = (refused as { places: readonly { where: string }[] }).places.map(({ where }) => where);
    expect(wheres).toContain('the campaign runs, version 1');
    expect(wheres).toContain('the segment seniors');
    expect(wheres.join()).not.toContain('ended');
  });
});

describe('a publication as a whole', () => {
  /** A document that is sound, however long its comment. */
  const withComment = async (paths: number, characters: number) => {
    const text = (await shippedDocuments()).get(german) ?? '';
    const comment = `# ${'\u00e9'.repeat(characters)}\n`;
    return shippedDocuments(
      Object.fromEntries(
        Array.from({ length: paths }, (_, index) => [`templates/large-${String(index)}/en.yaml`, `${comment}${text}`] as const),
      ),
    );
  };

  it('is refused where all documents together are too large, with the size, the limit, the largest and what helps', async () => {
    await expect(put({ documents: await withComment(23, 95_000) })).rejects.toMatchObject({
      kind: 'too-large',
      places: expect.arrayContaining([
        { where: 'all documents', what: expect.stringMatching(/^have 4\.\d\d MiB together; 4\.00 MiB are the most$/) as string },
        { where: 'templates/large-0/en.yaml', what: expect.stringMatching(/^has 0\.1\d MiB$/) as string },
      ]) as object[],
      remedy: expect.stringContaining('remove those that no campaign uses') as string,
    });
    expect(await listPublications(em(), null, 5)).toEqual([]);
  });

  it('holds no control character, in its documents, their paths, its note or its author', async () => {
    const refused = async (request: Partial<PublishRequest>) =>
      put({ documents: await shippedDocuments(), ...request }).catch((error: unknown) => (error as { places: unknown }).places);
    expect(await refused({ note: 'why\u0007' })).toEqual([{ where: 'note', what: 'contains the control character U+0007' }]);
    expect(await refused({ author: 'a\0' })).toEqual([{ where: 'author', what: 'contains the control character U+0000' }]);
    expect(await refused({ documents: await edited(german, (text) => `${text}# \u001b[31m\n`) })).toEqual([
      { where: german, what: 'contains the control character U+001B' },
    ]);
    expect(await refused({ documents: await edited(upgrade, (text) => text.replace(/^title: .*$/m, 'title: "a\\ab"')) })).toEqual([
      { where: `${upgrade}:3`, what: 'contains the control character U+0007' },
    ]);
  });
});

describe('a rollback', () => {
  it('publishes an older version again, as a new one with a reference to it', async () => {
    await put({ documents: await shippedDocuments() });
    await put({ documents: await shippedDocuments({ [upgrade]: undefined }) });
    expect((await listTreatments(em())).length).toBe(2);
    expect(await rollBack(em(), 1, { author: 'bob' }, 'en', testNow)).toMatchObject({ version: 3, created: true });
    expect(await listPublications(em(), null, 1)).toMatchObject([{ version: 3, author: 'bob', restores: 1 }]);
    expect(await documentsOf(em(), 3)).toEqual(await documentsOf(em(), 1));
    expect((await listTreatments(em())).length).toBe(3);
    await expect(rollBack(em(), 9, { author: 'bob' }, 'en', testNow)).rejects.toMatchObject({ kind: 'not-found' });
  });
});

it('the first is made once, whichever process starts', async () => {
  await Promise.all(Array.from({ length: 5 }, () => publishFirst(em(), () => shippedDocuments(), 'en', testNow)));
  expect(await listPublications(em(), null, 5)).toMatchObject([{ version: 1, author: 'system' }]);
});

describe('what a campaign needs from a folder', () => {
  const campaign = readFileSync(projectFile('config', 'campaigns', 'save-at-risk.yaml'), 'utf8');

  it('is its templates, layout and treatments, and never half-written other files', async () => {
    const published = await shippedDocuments();
    const files = await shippedDocuments({
      [german]: `${published.get(german) ?? ''}# newer\n`,
      [upgrade]: `${published.get(upgrade) ?? ''}# newer\n`,
      'templates/half-written/en.yaml': 'subject: "never',
      'contact-policy.yaml': 'limits: {',
    });
    const documents = await documentsFor(campaign, published, files, 'en');
    expect([documents.get(german), documents.get(upgrade)]).toEqual([files.get(german), files.get(upgrade)]);
    expect(documents.has('templates/half-written/en.yaml')).toBe(false);
    expect(documents.get('contact-policy.yaml')).toBe(published.get('contact-policy.yaml'));
  });

  it('includes the attributes if its rules use one that is not published', async () => {
    const published = await shippedDocuments();
    const attributes = `${published.get('attributes.yaml') ?? ''}  shoe_size: { type: number, description: Of shoes }\n`;
    const files = await shippedDocuments({ 'attributes.yaml': attributes });
    expect((await documentsFor(campaign, published, files, 'en')).get('attributes.yaml')).toBe(published.get('attributes.yaml'));
    const asking = campaign.replace(/^audience: .*$/m, 'audience: customer.shoe_size > 3');
    expect((await documentsFor(asking, published, files, 'en')).get('attributes.yaml')).toBe(attributes);
  });
});

describe('published content', () => {
  it('is the same object until another is loaded, and the templates of older ones stay available', async () => {
    const content = await publishedContent(em);
    const before = content.latest;
    expect(await content.loadLatest()).toBe(false);
    await put({ documents: await edited('templates/save-offer/en.yaml', (text) => text.replace(/^subject: .*$/m, 'subject: Newer')) });
    expect(content.latest).toBe(before);
    expect(await content.loadLatest()).toBe(true);
    expect(content.version).toBe(2);
    const [first, second, latest] = [await content.templatesAt(1), await content.templatesAt(2), await content.templatesAt(null)];
    expect([second, first === second]).toEqual([latest, false]);
    await expect(content.templatesAt(7)).rejects.toMatchObject({ kind: 'not-found' });
  });
});

async function textAs(name: string): Promise<string> {
  return ((await shippedDocuments()).get(upgrade) ?? '').replace(/^treatment: .*$/m, `treatment: ${name}`);
}
