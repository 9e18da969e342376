import { betaDistribution } from './beta.js';
import { ascending } from './metrics.js';

/** What a retention campaign costs and brings, a customer. */
export interface CampaignEconomics {
  /** The likelihood that one who would churn accepts the offer and stays is beta distributed with these two. */
  readonly alpha: number;
  readonly beta: number;
  /** What a customer who stays is worth. */
  readonly customerValue: number;
  /** What the offer costs when it is accepted; those who would have stayed anyway always accept. */
  readonly incentive: number;
  /** What writing to a customer costs. */
  readonly contact: number;
}

/** Verbraken et al. 2013, and the defaults of R's package EMP (`empChurn`). */
export const usualEconomics: CampaignEconomics = { alpha: 6, beta: 14, customerValue: 200, incentive: 10, contact: 1 };

export interface ExpectedProfit {
  /** Expected maximum profit, a customer of the whole base. */
  readonly profit: number;
  /** The share of customers, the most likely first, that is expected to be best to target. */
  readonly share: number;
}

interface RocPoint {
  /** The share of those to whom it happened that is targeted. */
  readonly hit: number;
  /** The share of the others that is targeted. */
  readonly wasted: number;
}

/**
 * Expected maximum profit of a churn campaign (EMPC; Verbraken, Verbeke, Baesens 2013: A novel profit maximizing metric for measuring
 * classification performance of customer churn prediction models; Verbeke et al. 2012). For each acceptance rate the best share of
 * customers is targeted, which is always a corner of the convex hull of the ROC curve; the profit is averaged over acceptance rates.
 */
export function expectedMaximumProfit(
  likelihoods: ArrayLike<number>,
  labels: ArrayLike<number>,
  economics: CampaignEconomics = usualEconomics,
): ExpectedProfit {
  const { alpha, beta, customerValue, incentive, contact } = economics;
  const { base, hull } = rocHull(likelihoods, labels);
  const gain = customerValue - incentive;
  // An acceptance rate from which the next corner is better than this one.
  const switchAt = (from: RocPoint, to: RocPoint): number => {
    const lost = (1 - base) * (to.wasted - from.wasted) * (incentive + contact);
    const won = base * (to.hit - from.hit);
    return won <= 0 ? 1 : Math.min(1, (lost / won + contact) / gain);
  };
  let profit = 0;
  let share = 0;
  let low = 0;
  hull.forEach((corner, index) => {
    const next = hull[index + 1];
    const high = next === undefined ? 1 : switchAt(corner, next);
    const mass = betaDistribution(high, alpha, beta) - betaDistribution(low, alpha, beta);
    // The mean of the acceptance rate over this interval, times its mass.
    const accepted = (alpha / (alpha + beta)) * (betaDistribution(high, alpha + 1, beta) - betaDistribution(low, alpha + 1, beta));
    const fixed = contact * base * corner.hit + (incentive + contact) * (1 - base) * corner.wasted;
    profit += gain * base * corner.hit * accepted - fixed * mass;
    share += (base * corner.hit + (1 - base) * corner.wasted) * mass;
    low = high;
  });
  return { profit, share };
}

/**
 * The expected profit of targeting the most likely customers until the budget is spent, with the mean acceptance rate; each one targeted
 * reserves contact and incentive. Ties at the end of the budget are taken as drawn by lot.
 */
export function profitAtBudget(
  likelihoods: ArrayLike<number>,
  labels: ArrayLike<number>,
  budget: number,
  { alpha, beta, customerValue, incentive, contact }: CampaignEconomics = usualEconomics,
): { readonly targeted: number; readonly profit: number } {
  const most = Math.min(likelihoods.length, Math.floor(budget / (incentive + contact)));
  const acceptance = alpha / (alpha + beta);
  let targeted = 0;
  let profit = 0;
  for (const { rows, happened } of descendingGroups(likelihoods, labels)) {
    const taken = Math.min(rows, most - targeted);
    if (taken <= 0) break;
    const churners = (happened * taken) / rows;
    profit += churners * acceptance * (customerValue - incentive) - churners * contact - (taken - churners) * (incentive + contact);
    targeted += taken;
  }
  return { targeted, profit };
}

/** Customers of the same likelihood, the most likely first. */
function descendingGroups(likelihoods: ArrayLike<number>, labels: ArrayLike<number>): { rows: number; happened: number }[] {
  const order = ascending(likelihoods).reverse();
  const groups: { rows: number; happened: number }[] = [];
  let before: number | undefined;
  for (const row of order) {
    if (likelihoods[row] !== before) groups.push({ rows: 0, happened: 0 });
    before = likelihoods[row];
    const group = groups.at(-1);
    if (group === undefined) continue;
    group.rows++;
    group.happened += labels[row] ?? 0;
  }
  return groups;
}

/** The corners of the upper convex hull of the ROC curve, from nobody to everybody. */
function rocHull(likelihoods: ArrayLike<number>, labels: ArrayLike<number>): { base: number; hull: RocPoint[] } {
  const groups = descendingGroups(likelihoods, labels);
  const happened = groups.reduce((sum, group) => sum + group.happened, 0);
  const not = likelihoods.length - happened;
  const hull: RocPoint[] = [{ hit: 0, wasted: 0 }];
  let [hits, wasted] = [0, 0];
  for (const group of groups) {
    hits += group.happened;
    wasted += group.rows - group.happened;
    const point = { hit: happened === 0 ? 0 : hits / happened, wasted: not === 0 ? 0 : wasted / not };
    while (hull.length > 1 && !turnsRight(hull.at(-2), hull.at(-1), point)) hull.pop();
    hull.push(point);
  }
  return { base: likelihoods.length === 0 ? 0 : happened / likelihoods.length, hull };
}

function turnsRight(a: RocPoint | undefined, b: RocPoint | undefined, c: RocPoint): boolean {
  if (a === undefined || b === undefined) return true;
  return (b.wasted - a.wasted) * (c.hit - a.hit) - (b.hit - a.hit) * (c.wasted - a.wasted) < 0;
}
