import type { Arm } from '../campaigns/enrolment.entity.js';
import { differenceOfMeans, differenceOfShares, sampleRatioP, wilson, type Amounts, type Proportion } from './lift.js';
import type { ArmRate, CampaignLift } from './report-shape.js';

/** One arm of a campaign, everybody who entered: how many stayed, and their kept revenue in minor units a month. */
export interface ArmFigures extends Proportion, Amounts {}

/**
 * Compares the arms. Everybody who entered counts in the arm that they were put into, whatever became of them.
 * @param plannedHoldout the share that was to be held out, 0 to 1
 * @returns null until each arm has two customers: one alone has no spread to tell chance by
 */
export function liftOf(
  basis: CampaignLift['basis'],
  arms: Readonly<Partial<Record<Arm, ArmFigures>>>,
  plannedHoldout: number,
): CampaignLift | null {
  const { treated, holdout } = arms;
  if (treated === undefined || holdout === undefined || treated.n < 2 || holdout.n < 2) return null;
  const share = differenceOfShares(treated, holdout);
  const revenue = differenceOfMeans(treated, holdout);
  return {
    basis,
    treated: rateOf(treated),
    holdout: rateOf(holdout),
    difference: share.value,
    low: share.low,
    high: share.high,
    revenue: {
      treatedMean: Math.round(treated.mean),
      holdoutMean: Math.round(holdout.mean),
      difference: Math.round(revenue.value),
      low: Math.round(revenue.low),
      high: Math.round(revenue.high),
      keptTotal: Math.round(revenue.value * treated.n),
      keptLow: Math.round(revenue.low * treated.n),
      keptHigh: Math.round(revenue.high * treated.n),
    },
    sampleRatio: {
      expected: plannedHoldout,
      actual: holdout.n / (treated.n + holdout.n),
      p: sampleRatioP(treated.n, holdout.n, plannedHoldout),
    },
  };
}

function rateOf(arm: ArmFigures): ArmRate {
  const { value, low, high } = wilson(arm);
  return { n: arm.n, retained: arm.retained, rate: value, low, high };
}
