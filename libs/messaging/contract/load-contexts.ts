import type { EntityManager } from '@mikro-orm/postgresql';
import type { Purpose } from '../../channels/purpose.js';
import type { Channel } from '../../channels/table.js';
import { query } from '../../persistence/sql.js';
import { oneLine, shortened, withoutUnfit } from '../../platform/bounds.js';
import type { Tokens } from '../../platform/tokens.js';
import type { TemplateRenderer } from '../../channels/contract/template-part.js';
import { messageOf } from '../../platform/message-of.js';
import { CannotCompose } from '../../channels/contract/cannot-compose.js';
import { publicationOf } from './publication-of.js';
import type { MessageContext, ReplyContext } from '../../channels/contract/message-context.js';

/** The parts of the company that messages need: its name, its public address, its tokens and its templates. */
export interface CompanyContext {
  readonly publicUrl: string;
  readonly company: { readonly name: string; readonly address: string };
  readonly tokens: Tokens;
  /** The templates of a publication; null for the latest. */
  readonly templatesAt: (publication: number | null) => Promise<TemplateRenderer>;
}

interface ContextRow {
  readonly messageId: string;
  readonly channel: Channel;
  readonly purpose: Purpose;
  readonly address: string;
  readonly template: string;
  /** The publication that its campaign's version or its request is pinned to; null for the latest. */
  readonly publication: number | null;
  readonly locale: string;
  readonly name: string | null;
  readonly timeZone: string | null;
  readonly sendBefore: Date;
  readonly offerId: string | null;
  readonly title: string | null;
  readonly voucher: string | null;
  readonly expiresAt: Date | null;
  readonly lastInboundAt: Date | null;
  readonly reply: ReplyContext | null;
}

/** Loads the contexts from which claimed messages are composed. */
export async function loadContexts(
  em: EntityManager,
  messageIds: readonly string[],
  companyContext: CompanyContext,
): Promise<ReadonlyMap<string, MessageContext>> {
  if (messageIds.length === 0) return new Map();
  const rows = await query<ContextRow>(
    em,
    `select m.id as "messageId", m.channel, m.purpose, p.address, m.template, ${publicationOf} as publication, c.locale, c.name, c.time_zone as "timeZone", m.send_before as "sendBefore",
            o.id as "offerId", o.title, o.voucher_code as voucher, o.expires_at as "expiresAt",
            inbound.at as "lastInboundAt",
            (select jsonb_build_object('text', w.text, 'thread', q.thread, 'answered', q.message_id)
             from reply w join task t on t.id = w.task_id join response q on q.id = t.response_id where w.message_id = m.id) as reply
     from message m
     join contact_point p on p.id = m.contact_point_id
     join customer c on c.id = m.customer_id
     left join offer o on o.id = m.offer_id
     left join enrolment e on e.id = m.enrolment_id
     left join campaign_version v on v.id = e.version_id
     left join lateral (
       select r.received_at as at from response r
       where r.customer_id = m.customer_id and r.channel = m.channel and r.source not in ('link', 'one-click', 'preferences', 'desk')
       order by r.received_at desc limit 1
     ) inbound on true
     where m.id = any($1::uuid[])`,
    [messageIds],
  );
  const templates = new Map<number | null, TemplateRenderer>();
  for (const publication of new Set(rows.map((row) => row.publication)))
    templates.set(publication, await companyContext.templatesAt(publication).catch(withoutTemplates));
  return new Map(rows.map((row) => [row.messageId, toContext(row, companyContext, templates.get(row.publication) ?? withoutTemplates())]));
}

/** Templates that could not be read: composing their messages fails with this error, and the others are sent. */
function withoutTemplates(error: unknown = 'they are not there'): TemplateRenderer {
  return {
    render: (_part, key) => {
      throw new CannotCompose('template', `${key}: its publication could not be read: ${messageOf(error)}`);
    },
  };
}

/** The most characters of a name in a message: enough to address somebody, and too few to fill a text. */
const longestNameInText = 80;

/** A message without an offer has empty values for it: a template that shows an offer is then not composed. */
function toContext(row: ContextRow, { publicUrl, company, tokens }: CompanyContext, templates: TemplateRenderer): MessageContext {
  const { messageId, channel, address, template, locale, sendBefore, offerId, lastInboundAt, reply } = row;
  const context: Omit<MessageContext, 'render'> = {
    messageId,
    channel,
    address,
    template,
    locale,
    sendBefore,
    lastInboundAt,
    reply,
    variables: {
      company,
      customer: { name: shortened(withoutUnfit(oneLine(row.name ?? '')), longestNameInText), locale, timeZone: row.timeZone },
      offer: { title: row.title ?? '', expiresAt: row.expiresAt, voucher: row.voucher ?? '' },
      message: { purpose: row.purpose },
      links: {
        accept: offerId === null ? '' : `${publicUrl}/o/${tokens.sign('accept', offerId)}`,
        unsubscribe: `${publicUrl}/u/${tokens.sign('unsubscribe', messageId)}`,
        preferences: `${publicUrl}/p/${tokens.sign('preferences', messageId)}`,
      },
      tracked: (name) => `${publicUrl}/l/${tokens.sign('click', `${messageId}.${name}`)}`,
    },
  };
  return { ...context, render: (part) => templates.render(part, template, locale, context.variables) };
}
