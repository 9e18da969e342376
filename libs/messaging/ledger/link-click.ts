import type { EntityManager } from '@mikro-orm/postgresql';
import { recordEvents } from '../../customers/record-events.js';
import { isId } from '../../platform/ids.js';
import { queryOne } from '../../persistence/sql.js';
import { provenSent } from './reconcile.js';
import type { Templates } from '../templates/templates.js';

/** A tracked link of one message. */
export interface TrackedLink {
  readonly messageId: string;
  readonly customerId: string;
  readonly name: string;
  /** Where it leads: an https address that a template file declares. */
  readonly target: string;
}

/**
 * Finds where a tracked link leads. The address that was clicked names a message and a link, never a target.
 * @param signed what the token says: `<message>.<name>`
 * @returns undefined where there is no such message, or its template declares no such link
 */
export async function findLink(em: EntityManager, templates: Templates, signed: string): Promise<TrackedLink | undefined> {
  const dot = signed.indexOf('.');
  const messageId = signed.slice(0, dot);
  const name = signed.slice(dot + 1);
  if (dot < 0 || !isId(messageId)) return undefined;
  const message = await queryOne<{ customerId: string; template: string; locale: string }>(
    em,
    `select m.customer_id as "customerId", m.template, c.locale from message m join customer c on c.id = m.customer_id where m.id = $1`,
    [messageId],
  );
  const target = message === undefined ? undefined : templates.link(message.template, message.locale, name);
  return message === undefined || target === undefined ? undefined : { messageId, customerId: message.customerId, name, target };
}

/**
 * Stores the click as an event, once a message and link, and takes it as proof that the message arrived. A link scanner's
 * click looks like any other: nothing that costs money, consent or an answer hangs on one, nor is anything learnt from it.
 */
export async function recordClick(em: EntityManager, { messageId, customerId, name }: TrackedLink, now: Date): Promise<void> {
  await em.transactional(async (tx) => {
    await recordEvents(
      tx,
      [{ customerId, kind: 'click', at: now, data: { link: name }, source: 'link', sourceId: `${messageId}:${name}` }],
      now,
    );
    await provenSent(tx, messageId, 'answer', now);
  });
}
