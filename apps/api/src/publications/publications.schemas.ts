import { z } from 'zod';
import { linesOfText } from '../../../../libs/platform/bounds.js';
import { instantOut, paging, pageSchema } from '../http/list-query.js';

const version = z.int().min(1).max(2_000_000_000);

const change = z.object({ path: z.string(), change: z.enum(['added', 'changed', 'removed']) });

const publication = z.object({
  version: z.int(),
  author: z.string().describe('the name of an API key or of a person; `system` for the files of the first start'),
  note: z.string().nullable(),
  restores: z.int().nullable().describe('the version whose documents it restores, if it is a rollback'),
  publishedAt: instantOut,
});

export const publicationPage = pageSchema(
  publication.extend({ changes: z.array(change).describe('compared with the previous version') }),
).extend({
  processes: z
    .array(z.object({ kind: z.enum(['api', 'worker', 'dispatcher']), host: z.string(), pid: z.int(), publication: z.int() }))
    .describe('the running processes, and the version that each uses'),
});

export const publicationQuery = z.strictObject({
  cursor: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_000_000_000)
    .optional()
    .describe(paging.cursor.description ?? ''),
  limit: paging.limit,
});
export type PublicationQuery = z.infer<typeof publicationQuery>;

export const publicationOut = publication.extend({
  documents: z.array(z.object({ path: z.string(), text: z.string() })).describe('YAML, by path'),
});

export const filesOut = z.object({
  changes: z.array(change).describe('the differences between the files beside this process and the publication; empty if there are none'),
});

const path = z.string().min(1).max(300);
const common = {
  note: linesOfText(1_000).optional().describe('why'),
  onto: z
    .int()
    .min(0)
    .max(2_000_000_000)
    .optional()
    .describe('the latest version that you have seen; refused if another was published since'),
  dryRun: z.boolean().default(false).describe('only shows what would change'),
};

export const publishBody = z.union([
  z.strictObject({
    documents: z.record(path, z.string()).describe('all of them, YAML by path; a missing one is removed'),
    ...common,
  }),
  z.strictObject({ rollback: version.describe('the version whose documents are published again'), ...common }),
]);
export type PublishBody = z.infer<typeof publishBody>;

export const publishedOut = z.object({
  version: z.int().describe('the latest version: the new one, or the existing one if nothing was published'),
  changes: z.array(change),
  created: z.boolean().describe('false for a dry run, and if nothing changed'),
});

const changed = [{ path: 'templates/save-offer/de.yaml', change: 'changed' }];
const one = { version: 7, author: 'marketing', note: 'Spring texts', restores: null, publishedAt: '2026-03-02T12:00:00.000Z' };
export const publicationExamples = {
  page: {
    items: [{ ...one, changes: changed }],
    next: null,
    processes: [{ kind: 'worker', host: 'node-3', pid: 12, publication: 7 }],
  },
  one: { ...one, documents: [{ path: 'treatments/free-upgrade.yaml', text: 'treatment: free-upgrade\n…' }] },
  files: { changes: changed },
  body: { rollback: 6, note: 'The new texts have a mistake', dryRun: true },
  published: { version: 7, changes: changed, created: false },
};
