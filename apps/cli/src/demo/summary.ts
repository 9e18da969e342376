import type { EntityManager } from '@mikro-orm/postgresql';
import { campaignReport } from '../../../../libs/measurement/campaign-report.js';
import type { CampaignReport } from '../../../../libs/measurement/report-shape.js';
import { query } from '../../../../libs/persistence/sql.js';
import type { LikelihoodMetrics } from '../../../../libs/scoring/registry/score-model.entity.js';
import type { MadeScore } from './made-scores.js';

/** The demo's result: the ledger and reports, and what the sink and the double received. Money in minor units. */
export interface DemoSummary {
  readonly customers: number;
  readonly score: Pick<LikelihoodMetrics, 'auc' | 'logLoss' | 'ece'>;
  /** The scores that were learnt from made-up events. */
  readonly madeScores: readonly MadeScore[];
  readonly enrolled: number;
  readonly holdout: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly messages: { readonly email: ChannelBooks; readonly sms: ChannelBooks; readonly unknown: number };
  readonly witness: Witness;
  readonly decisions: { readonly send: number; readonly defer: number; readonly block: number; readonly none: number };
  readonly deferred: Readonly<Record<string, number>>;
  readonly blocked: Readonly<Record<string, number>>;
  readonly responses: Readonly<Record<string, number>>;
  readonly offers: { readonly issued: number; readonly accepted: number };
  readonly budget: { readonly cap: number; readonly spent: number; readonly currency: string };
  readonly lift: {
    readonly treated: number;
    readonly holdout: number;
    readonly difference: number;
    readonly low: number;
    readonly high: number;
  };
  /** Null if it is not known: an arm has fewer than two customers with a charge. */
  readonly keptRevenue: { readonly perMonth: number; readonly low: number; readonly high: number } | null;
  readonly madeUp: true;
  readonly temporal: { readonly journeys: number; readonly eventsPerJourney: number; readonly actionsPerJourney: number };
  readonly restarts: number;
  readonly seconds: { readonly setUp: number; readonly score: number; readonly campaign: number };
}

export interface ChannelBooks {
  /** All messages that were ever planned, in any state. */
  readonly planned: number;
  readonly accepted: number;
}

/** What arrived at the sink and the double: mails and texts, messages that arrived more than once, accepted messages that never arrived. */
export interface Witness {
  readonly email: number;
  readonly sms: number;
  readonly doubled: number;
  readonly missing: number;
}

export type Measured = Pick<DemoSummary, 'score' | 'madeScores' | 'temporal' | 'restarts' | 'seconds'> & { readonly seen: Seen };

/** The ids of the messages that arrived, once for each arrival. */
export interface Seen {
  readonly email: readonly string[];
  readonly sms: readonly string[];
}

const endings = { saved: 0, declined: 0, lapsed: 0, expired: 0 };
const answers: Readonly<Record<string, string>> = { 'opt-out': 'optOut', 'auto-reply': 'autoReply', 'opt-in': 'optIn' };

export async function summarise(em: EntityManager, campaignId: string, now: Date, { seen, ...measured }: Measured): Promise<DemoSummary> {
  const report = await campaignReport(em, campaignId, now);
  const [population] = await query<{ count: number }>(em, 'select count(*) as count from customer');
  const defer = report.decisions.deferred;
  const block = report.decisions.blocked;
  return {
    customers: population?.count ?? 0,
    score: measured.score,
    madeScores: measured.madeScores,
    enrolled: report.entered.total,
    holdout: report.entered.holdout,
    outcomes: { ...endings, ...report.outcomes },
    messages: {
      email: books(report, 'email'),
      sms: books(report, 'sms'),
      unknown: report.messages.reduce((sum, { unknown }) => sum + unknown, 0),
    },
    witness: await compare(em, campaignId, seen),
    decisions: { send: report.decisions.send, defer: total(defer), block: total(block), none: report.decisions.none },
    deferred: byReason(defer),
    blocked: byReason(block),
    responses: {
      ...{ accepted: 0, declined: 0, question: 0, optOut: 0, autoReply: 0 },
      ...Object.fromEntries(Object.entries(report.responses).map(([answer, count]) => [answers[answer] ?? answer, count])),
    },
    offers: { issued: report.offers.issued, accepted: report.offers.accepted },
    budget: { cap: report.budget.cap, spent: report.budget.spent, currency: report.campaign.currency },
    ...lift(report),
    madeUp: true,
    temporal: measured.temporal,
    restarts: measured.restarts,
    seconds: measured.seconds,
  };
}

function books({ messages }: CampaignReport, channel: string): ChannelBooks {
  const row = messages.find((each) => each.channel === channel);
  if (row === undefined) return { planned: 0, accepted: 0 };
  const { planned, accepted, delivered, bounced, rejected, unknown, withdrawn, late } = row;
  const taken = accepted + delivered + bounced;
  return { planned: planned + taken + rejected + unknown + withdrawn + late, accepted: taken };
}

function lift({ lift: measured }: CampaignReport): Pick<DemoSummary, 'lift' | 'keptRevenue'> {
  if (measured === null) return { lift: { treated: 0, holdout: 0, difference: 0, low: 0, high: 0 }, keptRevenue: null };
  const { treated, holdout, difference, low, high, revenue } = measured;
  return {
    lift: { treated: treated.rate, holdout: holdout.rate, difference, low, high },
    keptRevenue: revenue === null ? null : { perMonth: revenue.keptTotal, low: revenue.keptLow, high: revenue.keptHigh },
  };
}

/** Compares the ledger with the arrived messages, one by one. */
async function compare(em: EntityManager, campaignId: string, seen: Seen): Promise<Witness> {
  const accepted = await query<{ id: string }>(
    em,
    `select id from message where campaign_id = $1 and state in ('accepted', 'delivered', 'bounced')`,
    [campaignId],
  );
  const arrivals = [...seen.email, ...seen.sms];
  const arrived = new Set(arrivals);
  return {
    email: seen.email.length,
    sms: seen.sms.length,
    doubled: arrivals.length - arrived.size,
    missing: accepted.filter(({ id }) => !arrived.has(id)).length,
  };
}

const total = (counts: readonly { readonly count: number }[]): number => counts.reduce((sum, { count }) => sum + count, 0);
const byReason = (counts: readonly { readonly reason: string; readonly count: number }[]): Record<string, number> =>
  Object.fromEntries(counts.map(({ reason, count }) => [reason, count]));
