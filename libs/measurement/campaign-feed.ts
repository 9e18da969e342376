import type { EntityManager } from '@mikro-orm/postgresql';
import { DateTime } from 'luxon';
import type { Outcome } from '../journeys/outcome.js';
import { query } from '../persistence/sql.js';
import { formatMoney } from '../platform/money.js';
import { answers, namesWith, type Answer } from '../journeys/answers/table.js';
import type { Candidate } from '../offers/decision.entity.js';
import { channelKinds } from '../channels/table.js';

export type HappeningKind = 'saved' | 'treat' | 'none' | 'defer' | 'block' | 'stop' | 'declined' | 'question' | 'closed';

/** One event of one customer in a campaign. */
export interface Happening {
  /** ISO instant, campaign time. */
  readonly at: string;
  readonly kind: HappeningKind;
  readonly customer: { readonly id: string; readonly name: string | null };
  /** The text for a marketer, without the customer's name. */
  readonly text: string;
  readonly enrolmentId: string;
}

interface Happened {
  readonly at: Date;
  readonly enrolmentId: string;
  readonly customerId: string;
  readonly name: string | null;
}

/** The last events in a campaign, newest first. */
export async function campaignFeed(em: EntityManager, campaignId: string, limit: number): Promise<Happening[]> {
  const all = [
    ...(await decided(em, campaignId, limit)),
    ...(await answered(em, campaignId, limit)),
    ...(await ended(em, campaignId, limit)),
  ];
  return all.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, limit);
}

interface Decided extends Happened {
  readonly kind: 'treat' | 'none' | 'defer' | 'block';
  readonly subject: string | null;
  readonly candidates: readonly Candidate[];
  readonly reasons: readonly string[];
  readonly until: Date | null;
  readonly timeZone: string | null;
  readonly currency: string;
}

async function decided(em: EntityManager, campaignId: string, limit: number): Promise<Happening[]> {
  const rows = await query<Decided>(
    em,
    `select d.at, d.enrolment_id as "enrolmentId", d.customer_id as "customerId", c.name, d.kind, d.subject, d.candidates, d.reasons, d.until,
            c.time_zone as "timeZone", k.currency
     from decision d join customer c on c.id = d.customer_id join campaign k on k.id = d.campaign_id
     where d.campaign_id = $1 and d.kind in ('treat', 'none', 'defer', 'block') order by d.at desc, d.id desc limit $2`,
    [campaignId, limit],
  );
  return rows.map((row) => happening(row, row.kind, decisionTexts[row.kind](row)));
}

const decisionTexts: Readonly<Record<Decided['kind'], (row: Decided) => string>> = {
  treat: (row) => {
    const value = row.candidates.find((each) => each.key === row.subject)?.value;
    return value == null
      ? `${words(row.subject)} again`
      : `${words(row.subject)}, expected +${formatMoney({ minor: value, currency: row.currency })}`;
  },
  none: (row) => {
    const values = row.candidates.flatMap((each) => (each.value === null || each.key === 'nothing' ? [] : [each.value]));
    const best = values.length === 0 ? '' : `, best ${formatMoney({ minor: Math.max(...values), currency: row.currency })}`;
    return `${words(row.reasons[0] ?? null)}${best}`;
  },
  defer: (row) => `${channelWord(row.subject)} waits${untilWhen(row)}: ${words(row.reasons[0] ?? null)}`,
  block: (row) => `${channelWord(row.subject)} not sent: ${words(row.reasons[0] ?? null)}`,
};

function untilWhen({ until, timeZone }: Decided): string {
  if (until === null) return '';
  const local = DateTime.fromJSDate(until, { zone: timeZone ?? 'utc' }).setLocale('en-GB');
  return ` until ${local.toFormat('d LLL HH:mm')} (${local.zoneName ?? 'UTC'})`;
}

interface Answered extends Happened {
  readonly answer: Answer;
  readonly channel: string;
}

/** The answers that are shown; an acceptance is shown when it saves the enrolment. */
const answersShown = (): readonly Answer[] => namesWith(({ feed }) => feed !== undefined);

async function answered(em: EntityManager, campaignId: string, limit: number): Promise<Happening[]> {
  const rows = await query<Answered>(
    em,
    `select r.received_at as at, e.id as "enrolmentId", c.id as "customerId", c.name, r.answer, r.channel
     from response r join enrolment e on e.id = r.enrolment_id join customer c on c.id = e.customer_id
     where e.campaign_id = $1 and r.answer = any($3::text[]) order by r.received_at desc, r.id desc limit $2`,
    [campaignId, limit, answersShown()],
  );
  return rows.flatMap((row) => {
    const shown = answers.find(row.answer)?.feed;
    return shown === undefined ? [] : [happening(row, shown.kind, `${shown.text} by ${channelWord(row.channel)}`)];
  });
}

interface Ended extends Happened {
  readonly outcome: Outcome;
  readonly offer: string | null;
}

/** Outcomes that no decision or answer already shows. */
const endingsShown: readonly Outcome[] = ['saved', 'won-back', 'lapsed', 'expired', 'unreachable', 'recovered', 'churned', 'cancelled'];

async function ended(em: EntityManager, campaignId: string, limit: number): Promise<Happening[]> {
  const rows = await query<Ended>(
    em,
    `select e.closed_at as at, e.id as "enrolmentId", c.id as "customerId", c.name, e.outcome,
            (select o.title from offer o where o.enrolment_id = e.id and o.state = 'accepted' limit 1) as offer
     from enrolment e join customer c on c.id = e.customer_id
     where e.campaign_id = $1 and e.closed_at is not null and e.outcome = any($3::text[]) order by e.closed_at desc, e.id desc limit $2`,
    [campaignId, limit, endingsShown],
  );
  return rows.map((row) => {
    if (row.outcome === 'saved') return happening(row, 'saved', row.offer === null ? 'stays, without an offer' : `accepted ${row.offer}`);
    return happening(row, 'closed', words(row.outcome));
  });
}

function happening({ at, customerId, name, enrolmentId }: Happened, kind: HappeningKind, text: string): Happening {
  return { at: at.toISOString(), kind, customer: { id: customerId, name }, text, enrolmentId };
}

const channelWord = (channel: string | null): string => channelKinds.find(channel ?? '')?.words.called ?? channel ?? 'message';
const words = (code: string | null): string => (code ?? '').replaceAll('-', ' ');
