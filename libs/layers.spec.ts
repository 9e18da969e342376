import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { entities } from './schema/entities.js';
import { projectFile } from './platform/project-file.js';

const { order, within } = JSON.parse(readFileSync(projectFile('libs', 'layers.json'), 'utf8')) as {
  readonly order: readonly string[];
  readonly within: Readonly<Record<string, readonly string[]>>;
};
const folders = (...path: string[]): string[] =>
  readdirSync(projectFile('libs', ...path), { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? [each.name] : []));

describe('the layers of libs', () => {
  it('are all in the order', () => {
    expect(folders().sort()).toEqual([...order].sort());
    for (const [layer, inner] of Object.entries(within)) expect(folders(layer).sort()).toEqual([...inner].sort());
  });

  describe('checked by lint', () => {
    let dir: string;
    beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'layers-'))));
    afterEach(() => {
      rmSync(dir, { recursive: true });
    });

    /** The output of lint for these files. */
    async function lint(files: Readonly<Record<string, string>>): Promise<string> {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(dir, name)), { recursive: true });
        writeFileSync(join(dir, name), text);
      }
      const cruise = projectFile('node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
      const args = [cruise, 'libs', '--config', projectFile('.dependency-cruiser.cjs'), '--no-progress'];
      return promisify(execFile)(process.execPath, args, { cwd: dir }).then(
        ({ stdout }) => stdout,
        (error: unknown) => (error as { readonly stdout: string }).stdout,
      );
    }

    it.each([
      ['an import', `import { b } from '../responses/b.js';\nexport const a = b;\n`],
      ['an import of a type', `import type { B } from '../responses/b.js';\nexport type A = B;\n`],
      ['a type that is imported in place', `export type A = import('../responses/b.js').B;\n`],
      ['an export from above', `export { b } from '../responses/b.js';\n`],
    ])('refuse %s of a layer above', async (_what, upward) => {
      const said = await lint({
        'libs/customers/a.ts': upward,
        'libs/responses/b.ts': `export const b = 1;\nexport type B = number;\n`,
      });
      expect(said).toMatch(/error customers-imports-no-layer-above: libs\/customers\/a\.ts → libs\/responses\/b\.ts/);
    });

    it('refuse it between the folders of a layer', async () => {
      const said = await lint({
        'libs/messaging/ledger/a.ts': `import { b } from '../planning/b.js';\nexport const a = b;\n`,
        'libs/messaging/planning/b.ts': `export const b = 1;\n`,
      });
      expect(said).toContain('error ledger-imports-no-layer-above');
    });

    it('let a layer import the layers below it', async () => {
      const said = await lint({
        'libs/responses/b.ts': `import { a } from '../customers/a.js';\nexport const b = a;\n`,
        'libs/customers/a.ts': `export const a = 1;\n`,
      });
      expect(said).toContain('no dependency violations found');
    });
  });
});

describe('the tables', () => {
  /** Tables that another layer writes, with the reason. The list only gets shorter. */
  const exceptions: Readonly<Record<string, string>> = {};

  const sources = globSync('{libs,apps,activities,workflows}/**/*.ts', { cwd: projectFile() })
    .filter((file) => !/[.]spec[.]ts$|^libs\/schema\/migrations\/|^apps\/console\//.test(file))
    .map((file) => ({ file, text: readFileSync(projectFile(file), 'utf8') }));
  const tables = new Map(entities.map(({ meta }) => [meta.tableName, meta.className]));
  const layerOf = (file: string): string | undefined => /^libs\/([^/]+)\//.exec(file)?.[1];
  const owners = new Map(
    [...tables.keys()].map((table) => [table, layerOf(sources.find(({ text }) => text.includes(`tableName: '${table}'`))?.file ?? '')]),
  );

  /** The tables that a source writes, by its statements and by its entities. */
  function writes(text: string): string[] {
    const named = [...text.matchAll(/\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate)\s+(?:only\s+)?"?(\w+)"?/gi)].map(
      (m) => m[1],
    );
    const byEntity = [
      ...text.matchAll(/[.](?:insert|insertMany|upsert|upsertMany|nativeUpdate|nativeDelete|create|assign)\(\s*(\w+)\s*,/g),
    ];
    const typed = [...text.matchAll(/[.](?:insertInto|updateTable|deleteFrom|mergeInto|replaceInto)\(\s*['"](\w+)['"]/g)];
    const classes = new Map([...tables].map(([table, name]) => [name, table]));
    return [...new Set([...named, ...[...byEntity, ...typed].map((m) => classes.get(m[1] ?? ''))])].filter(
      (table) => table !== undefined && tables.has(table),
    ) as string[];
  }

  it('have a layer each', () => {
    expect([...owners].filter(([, layer]) => layer === undefined)).toEqual([]);
  });

  it('are written only by their own layer', () => {
    const foreign = sources.flatMap(({ file, text }) =>
      writes(text)
        .filter((table) => owners.get(table) !== layerOf(file))
        .map((table) => `${file} writes ${table}`),
    );
    expect(foreign.sort()).toEqual(Object.keys(exceptions).sort());
  });

  it.each([
    [`await query(tx, 'update message set state = $1')`, ['message']],
    ['insert\n into consent_event (id) select 1', ['consent_event']],
    [`with gone as (delete from "offer" where id = $1)`, ['offer']],
    [`tx.insert(Suppression, row)`, ['suppression']],
    [`tables<typeof Offer>(tx).insertInto('Offer')`, ['offer']],
    [`tables<typeof Alert>(tx)\n    .updateTable('Alert')`, ['alert']],
    [`tables<typeof Score>(tx).deleteFrom('Score')`, ['score']],
    [`select * from message for update of m`, []],
  ])('are found in %j', (text, found) => {
    expect(writes(text)).toEqual(found);
  });
});
