import type { MikroORM } from '@mikro-orm/postgresql';
import type { Clock } from '../../libs/platform/clock.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { readContentFolder } from '../../libs/publishing/content.js';
import { publishFirst } from '../../libs/publishing/publish.js';
import { PublishedContent } from '../../libs/publishing/published-content.js';

/** The project's files, which people edit. */
export const projectContent = projectFile('config');

/**
 * Loads the published content. If nothing was ever published, it publishes the files beside this process, so that a first start needs no
 * further step; after that they are not read.
 * @param company the company's own locale
 * @throws Problem invalid if it cannot be used here, with every error
 */
export async function openContent(orm: MikroORM, company: string, clock: Clock, folder = projectContent): Promise<PublishedContent> {
  await publishFirst(orm.em.fork(), () => readContentFolder(folder), company, clock.now());
  const content = new PublishedContent(() => orm.em.fork(), company);
  await content.loadLatest();
  return content;
}
