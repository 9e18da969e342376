import type { EntityManager } from '@mikro-orm/postgresql';
import type { Documents } from '../../libs/content/documents.js';
import { loadTemplates } from '../../libs/messaging/templates/templates.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { readContentFolder } from '../../libs/publishing/content.js';
import { publish } from '../../libs/publishing/publish.js';
import { PublishedContent } from '../../libs/publishing/published-content.js';
import { testNow } from './factories.js';

/** The project's templates. */
export const shippedTemplates = await loadTemplates(projectFile('config', 'templates'));

/** The project's content, with these documents replaced; undefined removes one. */
export async function shippedDocuments(others: Readonly<Record<string, string | undefined>> = {}): Promise<Documents> {
  const documents = new Map(await readContentFolder(projectFile('config')));
  for (const [path, text] of Object.entries(others)) {
    if (text === undefined) documents.delete(path);
    else documents.set(path, text);
  }
  return documents;
}

/** Publishes documents, by default the project's. @returns the content as a process loads it */
export async function publishedContent(em: () => EntityManager, documents?: Documents): Promise<PublishedContent> {
  await publish(em(), { documents: documents ?? (await shippedDocuments()), author: 'a test' }, 'en', testNow);
  const content = new PublishedContent(em, 'en');
  await content.loadLatest();
  return content;
}
