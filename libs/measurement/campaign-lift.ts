import type { Arm } from '../campaigns/enrolment.entity.js';
import { differenceOfMeans, differenceOfShares, sampleRatioP, wilson, type Amounts, type Proportion } from './lift.js';
import type { ArmRate, CampaignLift, GoalRate } from './report-shape.js';

/**
 * One arm of a campaign with everybody who entered: how many stayed, how many reached the goal, and the kept revenue of customers with a
 * charge.
 */
export interface ArmFigures extends Proportion, Amounts {
  readonly reached: number;
  /** How many customers mean and variance are based on; minor units per month, compared with the charge at entry. */
  readonly charged: number;
}

/**
 * Compares the arms. Everybody who entered counts in their original arm, whatever happened later.
 * @param goal the campaign's goal as it is written; null if it has none
 * @param plannedHoldout the share that was to be held out, 0 to 1
 * @returns null until each arm has two customers: a single one has no variance
 */
export function liftOf(
  basis: CampaignLift['basis'],
  arms: Readonly<Partial<Record<Arm, ArmFigures>>>,
  goal: string | null,
  plannedHoldout: number,
): CampaignLift | null {
  const { treated, holdout } = arms;
  if (treated === undefined || holdout === undefined || treated.n < 2 || holdout.n < 2) return null;
  const share = differenceOfShares(treated, holdout);
  return {
    basis,
    goal: goal === null ? null : goalOf(goal, treated, holdout),
    treated: rateOf(treated),
    holdout: rateOf(holdout),
    difference: share.value,
    low: share.low,
    high: share.high,
    revenue: revenueOf(treated, holdout),
    sampleRatio: {
      expected: plannedHoldout,
      actual: holdout.n / (treated.n + holdout.n),
      p: sampleRatioP(treated.n, holdout.n, plannedHoldout),
    },
  };
}

function goalOf(rule: string, treated: ArmFigures, holdout: ArmFigures): CampaignLift['goal'] {
  const arm = ({ n, reached }: ArmFigures): Proportion => ({ n, retained: reached });
  const rate = (figures: ArmFigures): GoalRate => {
    const { value, low, high } = wilson(arm(figures));
    return { n: figures.n, reached: figures.reached, rate: value, low, high };
  };
  const share = differenceOfShares(arm(treated), arm(holdout));
  return { rule, treated: rate(treated), holdout: rate(holdout), difference: share.value, low: share.low, high: share.high };
}

/** Null until two customers of each arm have a charge. */
function revenueOf(treated: ArmFigures, holdout: ArmFigures): CampaignLift['revenue'] {
  if (treated.charged < 2 || holdout.charged < 2) return null;
  const revenue = differenceOfMeans({ ...treated, n: treated.charged }, { ...holdout, n: holdout.charged });
  return {
    treatedCharged: treated.charged,
    holdoutCharged: holdout.charged,
    treatedMean: Math.round(treated.mean),
    holdoutMean: Math.round(holdout.mean),
    difference: Math.round(revenue.value),
    low: Math.round(revenue.low),
    high: Math.round(revenue.high),
    keptTotal: Math.round(revenue.value * treated.charged),
    keptLow: Math.round(revenue.low * treated.charged),
    keptHigh: Math.round(revenue.high * treated.charged),
  };
}

function rateOf(arm: ArmFigures): ArmRate {
  const { value, low, high } = wilson(arm);
  return { n: arm.n, retained: arm.retained, rate: value, low, high };
}
