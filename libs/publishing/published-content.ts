import type { EntityManager } from '@mikro-orm/postgresql';
import { documentsOf, latestPublication, publicationsOf } from '../content/publications.js';
import { templatesFolder } from '../messaging/templates/templates-content.js';
import type { Templates } from '../messaging/templates/templates.js';
import { Problem } from '../platform/problem.js';
import { useFields } from '../segments/fields.js';
import { soundContent, templatesIn, type Content } from './content.js';

/** How many publications keep their templates ready: those that running campaigns are pinned to, and a few more. */
const mostKept = 50;

/** The content that a process uses: the latest publication, and the templates of those that campaigns are pinned to. */
export class PublishedContent {
  private loaded: { readonly version: number; readonly content: Content } | undefined;
  private readonly pinned = new Map<number, Promise<Templates>>();

  /**
   * @param em a new one for each use
   * @param company the company's own locale
   */
  constructor(
    private readonly em: () => EntityManager,
    private readonly company: string,
  ) {}

  /** The content that this process uses. @throws Error before it was loaded */
  get latest(): Content {
    return this.present().content;
  }

  /** Its version. */
  get version(): number {
    return this.present().version;
  }

  /**
   * Checks for a newer publication, and loads it. One that this process cannot use changes nothing.
   * @returns whether there was one
   * @throws Problem unavailable if nothing is published; Problem invalid if it cannot be used here, with every error
   */
  async loadLatest(): Promise<boolean> {
    const latest = await latestPublication(this.em());
    if (latest === undefined) throw new Problem('unavailable', 'Nothing is published', [], 'Run `perennial publish`.');
    if (latest.version === this.loaded?.version) return false;
    const content = await soundContent(await documentsOf(this.em(), latest.version), this.company);
    this.loaded = { version: latest.version, content };
    useFields(content.fields);
    return true;
  }

  /** The templates of a publication. @param publication null for the latest. @throws Problem not-found */
  async templatesAt(publication: number | null): Promise<Templates> {
    if (publication === null || publication === this.loaded?.version) return this.latest.templates;
    const known = this.pinned.get(publication);
    if (known !== undefined) return known;
    const [oldest] = this.pinned.keys();
    if (this.pinned.size >= mostKept && oldest !== undefined) this.pinned.delete(oldest);
    const reading = documentsOf(this.em(), publication).then((documents) => templatesIn(documents, this.company));
    this.pinned.set(publication, reading);
    // A failure is not cached.
    reading.catch(() => this.pinned.delete(publication));
    return reading;
  }

  /** The templates of every publication in which a template had another text, newest first, each loaded when it is needed. */
  async *everyTextOf(template: string): AsyncGenerator<Templates> {
    for (const version of await publicationsOf(this.em(), `${templatesFolder}/${template}`)) yield await this.templatesAt(version);
  }

  private present(): { readonly version: number; readonly content: Content } {
    if (this.loaded === undefined) throw new Error('No publication is loaded yet');
    return this.loaded;
  }
}
