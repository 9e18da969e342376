import { userInfo } from 'node:os';
import { describeChange, type DocumentChange } from '../../../libs/content/documents.js';
import { documentsOf, latestPublication } from '../../../libs/content/publications.js';
import { readContentFolder } from '../../../libs/publishing/content.js';
import { documentsFor } from '../../../libs/publishing/documents-for.js';
import { publish } from '../../../libs/publishing/publish.js';
import type { PublishedContent } from '../../../libs/publishing/published-content.js';
import { openContent, projectContent } from '../../hosting/open-content.js';
import type { Product } from './running.js';

/** The default author of a publication by command: the user of this machine. */
export function personHere(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user without a name.
    return 'command line';
  }
}

/**
 * Publishes what a campaign needs from the files here, if it differs from the publication, and prints the changes.
 * @param definition the campaign's YAML
 * @returns the content that is then in use
 * @throws Problem as `publish`; Problem invalid if the definition names something missing
 */
export async function publishNeeds({ orm, clock, settings }: Product, definition: string): Promise<PublishedContent> {
  const em = orm.em.fork();
  const company = settings.defaultLocale;
  const content = await openContent(orm, company, clock);
  const onto = (await latestPublication(em))?.version ?? 0;
  const documents = await documentsFor(definition, await documentsOf(em, onto), await readContentFolder(projectContent), company);
  const request = { documents, author: personHere(), note: 'What a campaign needs', onto };
  const { version, changes, created } = await publish(em, request, company, clock.now());
  if (!created) return content;
  console.log(`Published as version ${String(version)}, because the files here differ from the publication:`);
  printChanges(changes);
  await content.loadLatest();
  return content;
}

export function printChanges(changes: readonly DocumentChange[]): void {
  for (const change of changes) console.log(`  ${describeChange(change)}`);
}
