import type { CampaignStanding, KeptOut } from '../../api/types.js';
import { scoreText } from '../../format/number.js';
import { spelledOut } from '../../format/words.js';
import { valueText } from './reason-words.js';

/** Why a campaign does not enrol a customer now, as sentences. */
export function keptOutText({ reason, unmet, bound }: KeptOut): string {
  switch (reason) {
    case 'churned':
      return 'The customer has churned.';
    case 'objected':
      return 'The customer objected to marketing.';
    case 'not-in-audience':
      return `Not in the audience: ${unmet.map(unmetText).join('; ')}.`;
    case 'trigger':
      return bound === null ? 'The campaign’s trigger does not hold.' : triggerText(bound);
    case 'enrolled-before':
      return bound === null
        ? 'Was enrolled before, and is not enrolled a second time.'
        : `Was enrolled before: may enter again once the ${scoreName(bound)} has fallen below ${scoreText(bound.bound)}${nowText(bound)}.`;
    case 'by-hand':
      return 'Customers enter only when a person enrols them.';
    case 'paused':
      return 'The campaign is paused: nobody enters.';
  }
}

type Bound = NonNullable<KeptOut['bound']>;

const scoreName = ({ score }: Bound): string => `${spelledOut(score).toLowerCase()} score`;
const nowText = ({ value }: Bound): string => (value === null ? '' : `; it is ${scoreText(value)}`);

function triggerText(bound: Bound): string {
  if (bound.value === null) return `Has no ${scoreName(bound)}; it must rise above ${scoreText(bound.bound)}.`;
  const missing = Math.max(0, bound.bound - bound.value);
  return `The ${scoreName(bound)} is ${scoreText(bound.value)}: ${missing < 0.005 ? 'just' : scoreText(missing)} below the threshold of ${scoreText(bound.bound)}.`;
}

function unmetText({ rule, has }: KeptOut['unmet'][number]): string {
  const values = has.map(({ field, value }) => `${spelledOut(field.replace(/^\w+\./, '')).toLowerCase()} is ${valueText(value)}`);
  return values.length === 0 ? rule : `${rule}, but ${values.join(', ')}`;
}

/** How a customer who is in no enrolment of a campaign stands towards it, in one sentence, if nothing keeps them out. */
export function entersText({ arm, reachable }: CampaignStanding): string {
  const arms = arm === 'holdout' ? 'held out: the random split puts this customer into the holdout' : 'treated';
  return `The next check enrols them, ${arms}.${reachable ? '' : ' No message may reach them now.'}`;
}

/** Of one who is kept out: which arm they would be in, if that is the holdout. */
export function besidesText({ arm }: CampaignStanding): string {
  return arm === 'holdout' ? 'Would be held out: the random split puts this customer into the holdout.' : '';
}
