import type { CampaignLift } from '../../../../../libs/measurement/report-shape.js';

/**
 * The goal of the campaign if it is the page's main figure: the campaign has one, and somebody has reached it. Until then the retention is
 * the main figure.
 */
export function leadingGoal({ goal }: CampaignLift): CampaignLift['goal'] {
  return goal !== null && goal.treated.reached + goal.holdout.reached > 0 ? goal : null;
}
