import type { StepPicture } from '../../../../../../libs/measurement/report-shape.js';
import type { EnrolmentFilter } from '../../../api/queries.js';
import type { CampaignReport } from '../../../api/types.js';
import { outcomeCodes, outcomeWord, type Tone } from '../../../format/words.js';

/** A box of the drawing: the entry, a step, or an ending. */
export interface JourneyNode {
  readonly id: string;
  readonly kind: 'enters' | 'step' | 'ending' | 'held-out';
  readonly title: string;
  readonly detail: string;
  /** Customers who came here. */
  readonly count: number;
  /** Customers who are here now. */
  readonly waiting: number;
  /** The journey waits for an answer here. */
  readonly waits: boolean;
  readonly tone: Tone;
  /** The enrolments behind it. */
  readonly rows: EnrolmentFilter;
}

/** Customers who moved from one box to another. */
export interface JourneyFlow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly count: number;
  readonly tone: Tone;
  /** Starts another round after an unanswered one; drawn again from the left, below. */
  readonly wraps: boolean;
}

export interface JourneyModel {
  readonly nodes: readonly JourneyNode[];
  readonly flows: readonly JourneyFlow[];
  /** Endings that no way leads to: a customer can meet them at any step. */
  readonly elsewhere: readonly { readonly outcome: string; readonly count: number }[];
}

const entersId = 'enters';
const heldOutId = 'held-out';
const endingId = (outcome: string): string => `ending:${outcome}`;

/** The drawing of a report's journey, before it has places. All `exit` steps with one outcome become one ending. */
export function journeyModel(report: CampaignReport): JourneyModel {
  const steps = new Map(report.graph.steps.map((step) => [step.id, step]));
  const exits = new Map(report.graph.steps.flatMap(({ id, ends }) => (ends === null ? [] : [[id, ends] as const])));
  const later = followUpsOf(report, steps);
  const stepTone = (id: string): Tone => (later.has(id) ? 'amber' : 'leaf');
  const first = steps.has(report.graph.first) ? nodeOf(report.graph.first, exits) : null;

  const flows: JourneyFlow[] = [];
  if (first !== null) {
    flows.push(flow(entersId, first, 'treated', report.entered.treated, exits.has(report.graph.first) ? 'stone' : 'leaf'));
  }
  flows.push(flow(entersId, heldOutId, 'held out', report.entered.holdout, 'stone'));
  for (const step of report.graph.steps) {
    if (exits.has(step.id)) continue;
    for (const way of step.ways) {
      const outcome = exits.get(way.to);
      if (outcome === undefined && !steps.has(way.to)) continue;
      const tone = outcome === undefined ? stepTone(way.to) : outcomeWord(outcome).tone;
      flows.push({ ...flow(step.id, nodeOf(way.to, exits), way.label, way.count, tone), wraps: wraps(step, way.to, steps) });
    }
    const silent = silentFlow(step, report.outcomes);
    if (silent) flows.push(silent);
  }

  const ended = new Set(flows.flatMap(({ to }) => (to.startsWith('ending:') ? [to.slice('ending:'.length)] : [])));
  // The wanted outcomes come first.
  const endings = [...ended].sort((a, b) => outcomeCodes.indexOf(a) - outcomeCodes.indexOf(b));
  const nodes: JourneyNode[] = [
    {
      id: entersId,
      kind: 'enters',
      title: 'Enters',
      detail: report.campaign.trigger,
      count: report.entered.total,
      waiting: 0,
      waits: false,
      tone: 'leaf',
      rows: {},
    },
    ...report.graph.steps.filter((step) => !exits.has(step.id)).map((step) => stepNode(step, stepTone(step.id))),
    ...endings.map((outcome) => endingNode(outcome, report.outcomes[outcome] ?? 0)),
    {
      id: heldOutId,
      kind: 'held-out',
      title: 'Held out',
      detail: 'gets nothing, for comparison',
      count: report.entered.holdout,
      waiting: 0,
      waits: false,
      tone: 'stone',
      rows: { arm: 'holdout' },
    },
  ];
  const drawn = new Set([...endings, 'held-out']);
  const elsewhere = Object.entries(report.outcomes)
    .filter(([outcome, n]) => n > 0 && !drawn.has(outcome))
    .map(([outcome, n]) => ({ outcome, count: n }));
  return { nodes, flows, elsewhere };
}

const flow = (from: string, to: string, label: string, count: number, tone: Tone): JourneyFlow => ({
  id: `${from} ${label} ${to}`,
  from,
  to,
  label,
  count,
  tone,
  wraps: false,
});

const nodeOf = (step: string, exits: ReadonlyMap<string, string>): string => {
  const outcome = exits.get(step);
  return outcome === undefined ? step : endingId(outcome);
};

const stepNode = (step: StepPicture, tone: Tone): JourneyNode => ({
  id: step.id,
  kind: 'step',
  title: step.title,
  detail: step.detail,
  count: step.visits,
  waiting: step.waiting,
  waits: step.listens,
  tone,
  rows: { step: step.id },
});

function endingNode(outcome: string, count: number): JourneyNode {
  const { text, tone } = outcomeWord(outcome);
  return { id: endingId(outcome), kind: 'ending', title: text, detail: '', count, waiting: 0, waits: false, tone, rows: { outcome } };
}

/** Customers who left a step by no drawn way, if the kind of step defines how such a journey ends. */
function silentFlow(step: StepPicture, outcomes: Readonly<Record<string, number>>): JourneyFlow | undefined {
  const { ending } = step;
  if (ending === null || step.ways.some((way) => way.label === ending.label)) return undefined;
  const ended = outcomes[ending.outcome] ?? 0;
  const gone = step.visits - step.waiting - step.ways.reduce((sum, way) => sum + way.count, 0);
  const count = Math.max(0, Math.min(gone, ended));
  if (!ending.usual && count === 0) return undefined;
  return flow(step.id, endingId(ending.outcome), ending.label, count, outcomeWord(ending.outcome).tone);
}

/** A way out of a listening step starts a new row if the journey then waits for another answer. */
const wraps = (from: StepPicture, to: string, steps: ReadonlyMap<string, StepPicture>): boolean =>
  from.listens && [...reachable(to, steps)].some((id) => id !== from.id && steps.get(id)?.listens === true);

/** Steps that are only reached after an answer did not come. */
function followUpsOf(report: CampaignReport, steps: ReadonlyMap<string, StepPicture>): ReadonlySet<string> {
  const later = new Set<string>();
  for (const step of report.graph.steps) {
    for (const way of step.ways) if (wraps(step, way.to, steps)) for (const id of reachable(way.to, steps)) later.add(id);
  }
  return later;
}

function reachable(from: string, steps: ReadonlyMap<string, StepPicture>, seen: Set<string> = new Set()): ReadonlySet<string> {
  const step = steps.get(from);
  if (!step || seen.has(from)) return seen;
  seen.add(from);
  for (const way of step.ways) reachable(way.to, steps, seen);
  return seen;
}
