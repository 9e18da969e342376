import { IsolationLevel, type EntityManager } from '@mikro-orm/postgresql';
import type { CampaignDefinition } from '../campaigns/definition.js';
import { triggerKinds } from '../campaigns/triggers/table.js';
import type { MessageState } from '../messaging/ledger/message.entity.js';
import { liftOf } from './campaign-lift.js';
import { pictureJourney } from './journey-picture.js';
import * as queries from './report-queries.js';
import type { CampaignLift, CampaignReport, MessageCounts, ReasonCount } from './report-shape.js';

const shownStates = ['planned', 'accepted', 'delivered', 'bounced', 'rejected', 'unknown', 'withdrawn', 'late'] as const;
type ShownState = (typeof shownStates)[number];

const dayMs = 86_400_000;

/**
 * Reads the report of a campaign, in ten grouped queries over one snapshot, so that its numbers are consistent.
 * @param version the version whose journey is drawn, with its customers: by default the one that enrols
 * @throws Problem not-found
 */
export async function campaignReport(
  em: EntityManager,
  campaignId: string,
  now: Date,
  version: number | null = null,
): Promise<CampaignReport> {
  const snapshot = { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true };
  return em.transactional((tx) => readReport(tx, campaignId, now, version), snapshot);
}

async function readReport(em: EntityManager, campaignId: string, now: Date, version: number | null): Promise<CampaignReport> {
  const campaign = await queries.readCampaign(em, campaignId, version);
  const { definition, shown } = campaign;
  const enrolments = await queries.countEnrolments(em, campaignId);
  const entered = enrolments.filter((each) => each.entered);
  const underway = enrolments.filter((each) => each.arm === 'treated' && (each.state === 'entered' || each.state === 'paused'));
  const standing = (of: readonly queries.EnrolmentCount[]) =>
    tally(of.flatMap(({ step, count }) => (step === null ? [] : [{ key: step, count }])));
  const versions = versionsOf(enrolments, underway, shown.version);
  const onlyOne = versions.length === 1;
  return {
    campaign: {
      id: campaign.id,
      key: campaign.key,
      title: campaign.title,
      state: campaign.state,
      version: campaign.version,
      pauseReason: campaign.pauseReason,
      launchedAt: campaign.launchedAt?.toISOString() ?? null,
      windowDays: definition.windowMs / dayMs,
      audience: definition.audience,
      trigger: triggerInWords(definition.trigger),
      holdout: definition.holdout,
      currency: campaign.currency,
    },
    entered: { ...enteredOf(entered), pending: sum(enrolments.filter((each) => each.state === 'pending')) },
    underway: {
      total: sum(underway),
      paused: sum(underway.filter((each) => each.state === 'paused')),
      deferred: await queries.countDeferred(em, campaignId, now),
      byStep: standing(underway),
    },
    outcomes: outcomesOf(enrolments),
    budget: { cap: campaign.cap, reserved: campaign.reserved, spent: campaign.spent },
    offers: offersOf(await queries.countOffers(em, campaignId, now)),
    messages: messagesOf(await queries.countMessages(em, campaignId)),
    decisions: decisionsOf(await queries.countDecisions(em, campaignId)),
    responses: tally((await queries.countResponses(em, campaignId)).map(({ answer, count }) => ({ key: answer, count }))),
    lift: await readLift(em, campaignId, definition.goal, entered, now),
    madeUp: enrolments.some((each) => each.madeUp > 0),
    madeUpPeople: enrolments.some((each) => each.madeUpPeople > 0),
    versions,
    graph: {
      version: shown.version,
      entered: enteredOf(entered.filter((each) => each.version === shown.version)),
      outcomes: outcomesOf(enrolments.filter((each) => each.version === shown.version)),
      ...pictureJourney(
        shown.definition.journey,
        await queries.countVisits(em, campaignId, onlyOne ? null : shown.id),
        standing(underway.filter((each) => each.version === shown.version)),
      ),
    },
  };
}

const enteredOf = (counts: readonly queries.EnrolmentCount[]) => ({
  total: sum(counts),
  treated: sum(counts.filter((each) => each.arm === 'treated')),
  holdout: sum(counts.filter((each) => each.arm === 'holdout')),
});

const outcomesOf = (counts: readonly queries.EnrolmentCount[]) =>
  tally(counts.flatMap(({ outcome, count }) => (outcome === null ? [] : [{ key: outcome, count }])));

/** The versions that customers are or were in, and the one that is shown; newest first. */
function versionsOf(
  enrolments: readonly queries.EnrolmentCount[],
  underway: readonly queries.EnrolmentCount[],
  shown: number,
): CampaignReport['versions'] {
  const numbers = [...new Set([shown, ...enrolments.map(({ version }) => version)])].sort((a, b) => b - a);
  const under = (counts: readonly queries.EnrolmentCount[], version: number) => sum(counts.filter((each) => each.version === version));
  return numbers.map((version) => ({ version, enrolled: under(enrolments, version), underway: under(underway, version) }));
}

async function readLift(
  em: EntityManager,
  campaignId: string,
  goal: string | null,
  entered: readonly queries.EnrolmentCount[],
  now: Date,
): Promise<CampaignLift | null> {
  const total = sum(entered);
  const measured = entered.reduce((all, each) => all + each.measured, 0) === total;
  const arms = measured ? await queries.measuredArms(em, campaignId) : await queries.armsSoFar(em, campaignId, now);
  const planned = entered.reduce((all, each) => all + each.plannedHoldout, 0) / total;
  return liftOf(measured ? 'measured' : 'so-far', Object.fromEntries(arms.map(({ arm, ...figures }) => [arm, figures])), goal, planned);
}

function offersOf(counts: readonly queries.OfferCount[]): CampaignReport['offers'] {
  const inState = (state: string): number => sum(counts.filter((each) => each.state === state));
  return {
    issued: sum(counts),
    open: inState('open'),
    accepted: inState('accepted'),
    declined: inState('declined'),
    expired: inState('expired'),
    withdrawn: inState('withdrawn'),
    byTreatment: [...Map.groupBy(counts, (each) => each.treatment)].map(([treatment, own]) => ({
      treatment,
      title: own[0]?.title ?? treatment,
      issued: sum(own),
      accepted: sum(own.filter((each) => each.state === 'accepted')),
    })),
  };
}

/** A claimed message has not been submitted either. */
const shownAs: Readonly<Partial<Record<MessageState, ShownState>>> = { claimed: 'planned', submitting: 'planned' };

function messagesOf(counts: readonly queries.MessageCount[]): MessageCounts[] {
  return [...Map.groupBy(counts, (each) => each.channel)].map(([channel, own]) => {
    const byState = tally(own.map(({ state, count }) => ({ key: shownAs[state] ?? state, count })));
    const shown = Object.fromEntries(shownStates.map((state) => [state, byState[state] ?? 0])) as Record<ShownState, number>;
    const total = (name: 'segments' | 'costMilli'): number => own.reduce((all, each) => all + each[name], 0);
    return { channel, ...shown, segments: total('segments'), cost: Math.round(total('costMilli') / 1_000) };
  });
}

function decisionsOf(counts: readonly { kind: string; reason: string | null; count: number }[]): CampaignReport['decisions'] {
  const ofKind = (kind: string) => counts.filter((each) => each.kind === kind);
  const reasons = (kind: string): ReasonCount[] => ofKind(kind).map(({ reason, count }) => ({ reason: reason ?? 'unknown', count }));
  return {
    send: sum(ofKind('send')),
    treat: sum(ofKind('treat')),
    none: sum(ofKind('none')),
    deferred: reasons('defer'),
    blocked: reasons('block'),
  };
}

function triggerInWords(trigger: CampaignDefinition['trigger']): string {
  return triggerKinds.find(trigger.kind)?.words(trigger) ?? trigger.kind;
}

const sum = (counts: readonly { readonly count: number }[]): number => counts.reduce((total, each) => total + each.count, 0);

function tally(counts: readonly { readonly key: string; readonly count: number }[]): Record<string, number> {
  const totals = new Map<string, number>();
  for (const { key, count } of counts) totals.set(key, (totals.get(key) ?? 0) + count);
  return Object.fromEntries(totals);
}
