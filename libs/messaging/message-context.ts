import type { EntityManager } from '@mikro-orm/postgresql';
import { DateTime } from 'luxon';
import type { Channel } from '../customers/contact-point.entity.js';
import { query } from '../persistence/sql.js';
import type { Tokens } from '../platform/tokens.js';
import type { TemplateVariables } from './templates.js';

/** All that a channel needs to compose one message. Holds personal data: never logged. */
export interface MessageContext {
  readonly messageId: string;
  readonly channel: Channel;
  /** Where it goes. */
  readonly address: string;
  readonly template: string;
  readonly locale: string;
  readonly variables: TemplateVariables;
  readonly sendBefore: Date;
}

/** How a company's messages point back to it. */
export interface Sender {
  readonly publicUrl: string;
  readonly company: { readonly name: string; readonly address: string };
  readonly tokens: Tokens;
}

interface ContextRow {
  readonly messageId: string;
  readonly channel: Channel;
  readonly address: string;
  readonly template: string;
  readonly locale: string;
  readonly name: string | null;
  readonly timeZone: string | null;
  readonly sendBefore: Date;
  readonly offerId: string | null;
  readonly title: string | null;
  readonly voucher: string | null;
  readonly expiresAt: Date | null;
}

/** Loads what claimed messages are composed from. */
export async function loadContexts(
  em: EntityManager,
  messageIds: readonly string[],
  sender: Sender,
): Promise<ReadonlyMap<string, MessageContext>> {
  if (messageIds.length === 0) return new Map();
  const rows = await query<ContextRow>(
    em,
    `select m.id as "messageId", m.channel, p.address, m.template, c.locale, c.name, c.time_zone as "timeZone", m.send_before as "sendBefore",
            o.id as "offerId", o.title, o.voucher_code as voucher, o.expires_at as "expiresAt"
     from message m
     join contact_point p on p.id = m.contact_point_id
     join customer c on c.id = m.customer_id
     left join offer o on o.id = m.offer_id
     where m.id = any($1::uuid[])`,
    [messageIds],
  );
  return new Map(rows.map((row) => [row.messageId, toContext(row, sender)]));
}

/** A message without an offer has empty texts where the offer would be spoken of. */
function toContext(row: ContextRow, { publicUrl, company, tokens }: Sender): MessageContext {
  const { messageId, channel, address, template, locale, sendBefore, offerId } = row;
  return {
    messageId,
    channel,
    address,
    template,
    locale,
    sendBefore,
    variables: {
      company,
      customer: { name: row.name ?? '' },
      offer: {
        title: row.title ?? '',
        expires: row.expiresAt === null ? '' : dayOf(row.expiresAt, row.timeZone, locale),
        voucher: row.voucher ?? '',
      },
      links: {
        accept: offerId === null ? publicUrl : `${publicUrl}/o/${tokens.sign('accept', offerId)}`,
        unsubscribe: `${publicUrl}/u/${tokens.sign('unsubscribe', messageId)}`,
      },
    },
  };
}

/** "5 March", by the customer's calendar and in their language. */
function dayOf(instant: Date, zone: string | null, locale: string): string {
  const local = DateTime.fromJSDate(instant, { zone: zone ?? 'utc' });
  const day = local.isValid ? local : DateTime.fromJSDate(instant, { zone: 'utc' });
  return day.setLocale(locale).toLocaleString({ day: 'numeric', month: 'long' });
}
