import { existsSync } from 'node:fs';
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { describeChange } from '../../../../libs/content/documents.js';
import { listPublications } from '../../../../libs/content/publications.js';
import { presentProcesses } from '../../../../libs/access/processes.js';
import { Problem } from '../../../../libs/platform/problem.js';
import { readContentFolder } from '../../../../libs/publishing/content.js';
import { publish, rollBack } from '../../../../libs/publishing/publish.js';
import { projectContent } from '../../../hosting/open-content.js';
import { personHere, printChanges } from '../content.js';
import { withProduct } from '../running.js';

interface Options {
  readonly dryRun?: boolean;
  readonly rollback?: number;
  readonly onto?: number;
  readonly note?: string;
  readonly author: string;
}

export const publishCommand = (): Command =>
  new Command('publish')
    .description(
      'publish the content of a folder, for every process at once: templates, treatments, attributes, scores, policy, reply words',
    )
    .argument('[folder]', 'the folder that people edit', projectContent)
    .option('--dry-run', 'only show what would change, and what is wrong')
    .option('--rollback <version>', 'publish an older version again instead of a folder', versionNumber)
    .option('--onto <version>', 'the latest version that you have seen; refused if another was published since', versionNumber)
    .option('--note <text>', 'why')
    .option('--author <name>', 'who publishes', personHere())
    .action(async (folder: string, { dryRun = false, rollback, onto, note, author }: Options, command: Command) => {
      if (rollback !== undefined && command.args.length > 0) {
        throw new Problem('invalid', 'A folder and --rollback cannot be published together', [], 'Leave one of them out.');
      }
      const { data } = command.optsWithGlobals<{ data: string }>();
      const request = { dryRun, author, note: note ?? null, ...(onto !== undefined && { onto }) };
      await withProduct(data, async ({ orm, clock, settings }) => {
        const em = orm.em.fork();
        const company = settings.defaultLocale;
        const { version, changes, created } =
          rollback === undefined
            ? await publish(em, { ...request, documents: await contentIn(folder) }, company, clock.now())
            : await rollBack(em, rollback, request, company, clock.now());
        if (changes.length === 0) {
          console.log(`There are no changes since the publication (version ${String(version)}).`);
          return;
        }
        printChanges(changes);
        console.log(created ? `Published as version ${String(version)}.` : 'Nothing was published: this was a dry run.');
      });
    });

export const publishedCommand = (): Command =>
  new Command('published')
    .description('list publications with author and time, and the version that each running process uses')
    .option('--last <n>', 'only this many, the newest', versionNumber, 10)
    .action(async ({ last }: { last: number }, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      await withProduct(data, async ({ orm }) => {
        const em = orm.em.fork();
        const table = new Table({ head: ['version', 'when', 'who', 'note', 'changed'], style: { head: [], border: [] } });
        for (const { version, publishedAt, author, note, restores, changes } of await listPublications(em, null, last)) {
          const why = [restores === null ? '' : `again as version ${String(restores)}`, note ?? ''].filter((text) => text !== '');
          table.push([version, publishedAt.toISOString(), author, why.join('; '), shortly(changes.map(describeChange))]);
        }
        console.log(table.toString());
        for (const { kind, host, pid, publication } of await presentProcesses(em))
          console.log(`${kind} ${String(pid)} on ${host} uses version ${String(publication)}`);
      });
    });

/** @throws Problem not-found if there is no such folder, or nothing in it that could be published */
async function contentIn(folder: string) {
  const documents = existsSync(folder) ? await readContentFolder(folder) : new Map<string, string>();
  if (documents.size > 0) return documents;
  const remedy = 'Name the folder with templates/, treatments/, attributes.yaml and the others.';
  throw new Problem('not-found', `There is no content in ${folder}`, [], remedy);
}

const shown = 8;
const shortly = (lines: readonly string[]): string =>
  [...lines.slice(0, shown), ...(lines.length > shown ? [`and ${String(lines.length - shown)} more`] : [])].join('\n');

function versionNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
