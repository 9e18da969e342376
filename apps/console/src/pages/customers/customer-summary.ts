import type { CampaignStanding, ContactPoint, CustomerDetail } from '../../api/types.js';
import { scoreText } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { channelInText, listed, shortReason } from '../../format/words.js';
import { featureText, valueText } from './reason-words.js';

/**
 * A summary of the customer in a few sentences: how likely they churn, which campaigns they are in, and where they can be reached.
 * @param standings towards the running campaigns; undefined while they are not known
 */
export function customerSummary(customer: CustomerDetail, standings: readonly CampaignStanding[] | undefined): string {
  return [contractText(customer), churnText(customer), ...(standings === undefined ? [] : campaignsText(standings)), reachText(customer)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function contractText({ status, churnedAt }: CustomerDetail): string {
  if (status === 'churned') return churnedAt === null ? 'Has churned.' : `Churned ${moment(churnedAt)}.`;
  return churnedAt === null ? '' : `Has given notice: the contract ends ${moment(churnedAt)}.`;
}

function churnText({ status, scores, titles }: CustomerDetail): string {
  const churn = scores.find(({ kind }) => kind === 'churn');
  if (status === 'churned') return '';
  if (churn === undefined) return 'Has no churn score yet.';
  const { value, previous, reasons } = churn;
  const changed = previous !== null && scoreText(previous) !== scoreText(value);
  const from = changed ? `, ${value > previous ? 'up' : 'down'} from ${scoreText(previous)}` : '';
  const [first] = reasons;
  if (first === undefined) return `Churn score ${scoreText(value)}${from}.`;
  const way = first.contribution < 0 ? 'lowers' : 'raises';
  return `Churn score ${scoreText(value)}${from}. What ${way} it most: ${lowerFirst(featureText(first, titles))} (${valueText(first.value)}).`;
}

function campaignsText(standings: readonly CampaignStanding[]): string[] {
  const quoted = (which: readonly CampaignStanding[]): string => listed(which.map(({ campaign }) => `“${campaign.title}”`));
  const treated = standings.filter(({ inside }) => inside?.arm === 'treated');
  const heldOut = standings.filter(({ inside }) => inside?.arm === 'holdout');
  const entering = standings.filter(({ inside, keptOut }) => inside === null && keptOut.length === 0);
  const toTreat = entering.filter(({ arm }) => arm === 'treated');
  const toHoldOut = entering.filter(({ arm }) => arm === 'holdout');
  return [
    ...(treated.length > 0 ? [`Is in ${quoted(treated)}.`] : []),
    ...(heldOut.length > 0 ? [`Is held out of ${quoted(heldOut)}.`] : []),
    ...(treated.length + heldOut.length === 0 ? ['Is in no campaign.'] : []),
    ...(toTreat.length > 0 ? [`The next check enrols them into ${quoted(toTreat)}.`] : []),
    ...(toHoldOut.length > 0 ? [`The next check holds them out of ${quoted(toHoldOut)}.`] : []),
  ];
}

function reachText({ contactPoints, objectedAt }: CustomerDetail): string {
  if (objectedAt !== null) return `Objected to marketing ${moment(objectedAt)}.`;
  if (contactPoints.length === 0) return 'No message can reach them: no address is known.';
  const may = contactPoints.filter(({ restrictions }) => restrictions.marketing.length === 0);
  const mayNot = contactPoints.filter(({ restrictions }) => restrictions.marketing.length > 0);
  const by = (points: readonly ContactPoint[]): string => listed(points.map(({ channel }) => channelInText(channel)));
  const why = ({ channel, restrictions }: ContactPoint): string =>
    `${channelInText(channel)} (${restrictions.marketing.map(shortReason).join(', ')})`;
  if (may.length === 0) return `Marketing reaches them on no channel: ${listed(mayNot.map(why))}.`;
  return `Marketing may reach them by ${by(may)}${mayNot.length === 0 ? '' : `, not by ${listed(mayNot.map(why))}`}.`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
