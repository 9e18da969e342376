import type { Arm } from '../campaigns/enrolment.entity.js';
import { differenceOfMeans, differenceOfShares, sampleRatioP, wilson, type Amounts, type Proportion } from './lift.js';

/** One arm of a campaign, everybody who entered: how many stayed, and their kept revenue in minor units a month. */
export interface ArmFigures extends Proportion, Amounts {}

export interface ArmRate {
  readonly n: number;
  readonly retained: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** What the campaign kept against its holdout. Intervals are 95%. */
export interface CampaignLift {
  /** `measured` once everybody's window has ended; `so-far` says who has not left by now. */
  readonly basis: 'measured' | 'so-far';
  readonly treated: ArmRate;
  readonly holdout: ArmRate;
  /** Of the rates, treated less holdout. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Whole minor units a month: of one customer, and kept in all (the difference times the treated). */
  readonly revenue: {
    readonly treatedMean: number;
    readonly holdoutMean: number;
    readonly difference: number;
    readonly low: number;
    readonly high: number;
    readonly keptTotal: number;
    readonly keptLow: number;
    readonly keptHigh: number;
  };
  /** The share held out: as planned, as it is, and how likely chance alone puts it that far off. */
  readonly sampleRatio: { readonly expected: number; readonly actual: number; readonly p: number };
}

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
