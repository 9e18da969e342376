import type { MikroORM } from '@mikro-orm/postgresql';
import type { Clock } from '../../libs/platform/clock.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { readContentFolder } from '../../libs/publishing/content.js';
import { publishFirst } from '../../libs/publishing/publish.js';
import { PublishedContent } from '../../libs/publishing/published-content.js';

/** The files that ship with the project, and that people edit. */
export const projectContent = projectFile('config');

/**
 * The published content, taken in. If nothing was ever published, the files beside this process are, so that a first start
 * needs no further step; from then on they are not looked at.
 * @param company the company's own locale
 * @throws Problem invalid if it cannot be used here, with every error
 */
export async function openContent(orm: MikroORM, company: string, clock: Clock, folder = projectContent): Promise<PublishedContent> {
  await publishFirst(orm.em.fork(), () => readContentFolder(folder), company, clock.now());
  const content = new PublishedContent(() => orm.em.fork(), company);
  await content.takeIn();
  return content;
}
