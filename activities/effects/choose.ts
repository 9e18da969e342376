import { chooseAndIssue } from '../../libs/offers/issue-offer.js';
import type { ChooseEffect, Chosen } from '../../libs/journeys/steps/choose.js';
import type { Performer } from './performer.js';

/** Chooses the treatment with the highest expected profit, and issues it. It locks the campaign's row, which has the budget. */
export const choose: Performer<ChooseEffect, Chosen> = {
  pausable: true,
  commits: true,
  perform: async (tx, { enrolmentId, now, begun, facts }, { step, occurrence, from }) => {
    const { treatment } = await chooseAndIssue(tx, { enrolmentId, step, occurrence, from, now, begun, facts });
    return { kind: 'chosen', treatment };
  },
};
