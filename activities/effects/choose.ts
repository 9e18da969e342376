import { chooseAndIssue } from '../../libs/offers/issue-offer.js';
import type { ChooseEffect, Chosen } from '../../libs/journeys/steps/choose.js';
import type { Performer } from './performer.js';

/** Chooses the treatment that is expected to pay most, and issues it. */
export const choose: Performer<ChooseEffect, Chosen> = {
  holdable: true,
  perform: async (tx, { enrolmentId }, { step, occurrence, from }, now) => {
    const { treatment } = await chooseAndIssue(tx, { enrolmentId, step, occurrence, from, now });
    return { kind: 'chosen', treatment };
  },
};
