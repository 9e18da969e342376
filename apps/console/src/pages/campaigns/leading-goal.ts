import type { CampaignLift } from '../../../../../libs/measurement/report-shape.js';

/**
 * The goal of the campaign where it leads the page: it has one of its own, and somebody has reached it. Until then there is
 * nothing to compare, and who has stayed leads.
 */
export function leadingGoal({ goal }: CampaignLift): CampaignLift['goal'] {
  return goal !== null && goal.treated.reached + goal.holdout.reached > 0 ? goal : null;
}
