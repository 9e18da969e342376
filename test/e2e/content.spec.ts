import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { projectFile } from '../../libs/platform/project-file.js';
import { shippedDocuments } from '../harness/content.js';
import { join, raiseScores, type Person } from '../harness/people.js';
import { startProduct, type Product } from '../harness/product.js';
import { waitFor } from '../harness/wait-for.js';

const subjectOf = (subject: string) => (text: string) => text.replace(/^subject: .*$/m, `subject: ${subject}`);
const offer = 'templates/save-offer/en.yaml';

let product: Product;
const folders: string[] = [];
beforeAll(async () => {
  product = await startProduct(3_600, {
    api: disk(subjectOf('From the disk of the first api')),
    secondApi: disk(subjectOf('From the disk of the second api')),
    worker: disk(subjectOf('From the disk of the worker')),
    // None of its files can be used.
    dispatcher: disk(() => 'subject: "never closed'),
  });
});
afterAll(async () => {
  await product.close();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder of content of its own, with this text of the template. */
function disk(edit: (text: string) => string): string {
  const folder = mkdtempSync(joinPath(tmpdir(), 'disk-'));
  cpSync(projectFile('config'), folder, { recursive: true });
  writeFileSync(joinPath(folder, offer), edit(readFileSync(joinPath(folder, offer), 'utf8')));
  folders.push(folder);
  return folder;
}

async function documents(edit: (text: string) => string): Promise<Record<string, string>> {
  const shipped = await shippedDocuments();
  return Object.fromEntries(await shippedDocuments({ [offer]: edit(shipped.get(offer) ?? '') }));
}

async function launch(key: string): Promise<void> {
  const source = `
campaign: ${key}
audience: customer.plan == "${key}"
trigger: { score: churn, rises_above: 0.60, falls_below: 0.50 }
holdout: 0%
budget: 1000 EUR
window: 3 days
journey:
  - choose: { from: [bill-credit-10] }
  - send: { template: save-offer, channel: preferred }
  - await: { answer_within: 2 days }
    accepted: { exit: saved }
    otherwise: { exit: lapsed }
`;
  const { id } = await product.post<{ id: string }>('/v1/campaigns', { source });
  await product.post(`/v1/campaigns/${id}/launch`);
}

/** Lets somebody enter the campaign. @returns the subject of what they get */
async function subjectFor(key: string): Promise<string | undefined> {
  const person: Person = await join(product, key);
  await raiseScores(product, [person]);
  const mail = await waitFor(() => product.sink.mailsTo(person.address)[0], 30_000);
  return mail.headers['subject']?.[0];
}

interface Published {
  readonly items: readonly { readonly version: number; readonly author: string }[];
  readonly processes: readonly { readonly kind: string; readonly publication: number }[];
}
const published = () => product.get<Published>('/v1/publications');

it('all processes use the publication, whatever files they have', async () => {
  const { items, processes } = await published();
  expect(items).toMatchObject([{ version: 1, author: 'system' }]);
  expect(processes.map(({ kind, publication }) => [kind, publication])).toEqual([
    ['api', 1],
    ['api', 1],
    ['dispatcher', 1],
    ['worker', 1],
  ]);
  await launch('first');
  expect(await subjectFor('first')).toBe('From the disk of the first api');

  const newer = await documents(subjectOf('Newer'));
  expect(await product.postToSecond('/v1/publications', { documents: newer, onto: 1 })).toMatchObject({ version: 2, created: true });
  // The launch waits until every process has it.
  await launch('second');
  expect((await published()).processes.every(({ publication }) => publication === 2)).toBe(true);
  expect(await subjectFor('second')).toBe('Newer');
  // A customer who enters the running campaign gets the texts of its launch.
  expect(await subjectFor('first')).toBe('From the disk of the first api');

  const hasErrors = await documents(() => 'subject: "never closed');
  await expect(product.post('/v1/publications', { documents: hasErrors })).rejects.toThrow('answered 400');
  expect((await published()).items.map(({ version }) => version)).toEqual([2, 1]);

  expect(await product.postToSecond('/v1/publications', { rollback: 1 })).toMatchObject({ version: 3, created: true });
  await launch('third');
  expect(await subjectFor('third')).toBe('From the disk of the first api');
  expect(await subjectFor('second')).toBe('Newer');

  const { id } = await product.get<{ id: string }>('/v1/campaigns/second');
  expect(await product.post(`/v1/campaigns/${id}/repin`)).toEqual({ id, publication: 3 });
  expect(await subjectFor('second')).toBe('From the disk of the first api');
});
