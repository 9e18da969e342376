import type { EntityManager } from '@mikro-orm/postgresql';
import { recordEvents } from '../../customers/record-events.js';
import { isId } from '../../platform/ids.js';
import { retriedTransaction } from '../../persistence/retried.js';
import { queryOne } from '../../persistence/sql.js';
import { publicationOf } from '../contract/publication-of.js';
import { provenSent } from './reconcile.js';
import type { Templates } from '../templates/templates.js';

/** Looks up the templates of messages. */
export interface PublishedTemplates {
  /** The templates of a publication; null for the latest. */
  templatesAt(publication: number | null): Promise<Templates>;
  /** The templates of every publication in which they differ, newest first. */
  everyTextOf(template: string): AsyncIterable<Templates>;
}

/** A tracked link of one message. */
export interface TrackedLink {
  readonly messageId: string;
  readonly customerId: string;
  readonly name: string;
  /** Its target: an https address that a template file declares. */
  readonly target: string;
}

/**
 * Finds the target of a tracked link. The clicked address names a message and a link, never a target.
 * @param signed the content of the token: `<message>.<name>`
 * @returns undefined if there is no such message, or no text of its template ever declared such a link
 */
export async function findLink(em: EntityManager, templates: PublishedTemplates, signed: string): Promise<TrackedLink | undefined> {
  const dot = signed.indexOf('.');
  const messageId = signed.slice(0, dot);
  const name = signed.slice(dot + 1);
  if (dot < 0 || !isId(messageId)) return undefined;
  const message = await queryOne<SentTemplate & { readonly customerId: string }>(
    em,
    `select m.customer_id as "customerId", m.template, c.locale, ${publicationOf} as publication
     from message m join customer c on c.id = m.customer_id
     left join enrolment e on e.id = m.enrolment_id left join campaign_version v on v.id = e.version_id
     where m.id = $1`,
    [messageId],
  );
  const target = message === undefined ? undefined : await targetOf(message, name, templates);
  return message === undefined || target === undefined ? undefined : { messageId, customerId: message.customerId, name, target };
}

interface SentTemplate {
  readonly template: string;
  readonly locale: string;
  readonly publication: number | null;
}

/**
 * In the text that the message would have now; otherwise, because it may have been sent with another text, in the newest one that declares
 * the link.
 */
async function targetOf(
  { template, locale, publication }: SentTemplate,
  name: string,
  templates: PublishedTemplates,
): Promise<string | undefined> {
  const target = (await templates.templatesAt(publication)).link(template, locale, name);
  if (target !== undefined) return target;
  for await (const earlier of templates.everyTextOf(template)) {
    const known = earlier.link(template, locale, name);
    if (known !== undefined) return known;
  }
  return undefined;
}

/**
 * Stores the click as an event, once for each message and link, and as proof that the message arrived. A link scanner's click looks like
 * any other, so no money, consent or answer depends on a click, and no habit is learnt from it.
 */
export async function recordClick(em: EntityManager, { messageId, customerId, name }: TrackedLink, now: Date): Promise<void> {
  await retriedTransaction(em, 5, async (tx) => {
    await recordEvents(
      tx,
      [{ customerId, kind: 'click', at: now, data: { link: name }, source: 'link', sourceId: `${messageId}:${name}` }],
      now,
    );
    await provenSent(tx, messageId, 'answer', now);
  });
}
