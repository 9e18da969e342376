import type { CampaignCommand, CampaignReport, CampaignState, Estimate } from '../../api/types.js';
import { count, money } from '../../format/number.js';
import { plural } from '../../format/words.js';

/** What a command will do, shown before it is done: how many, how much, and how to undo it. */
export interface Consequences {
  readonly question: string;
  readonly customers: string;
  readonly cost: string;
  readonly undo: string;
  /** The labels of the button that does it and of the one that does not. */
  readonly yes: string;
  readonly no: string;
  readonly grave: boolean;
}

/** The commands that the console offers in each state of a campaign, the less drastic first. */
export const commandsIn: Readonly<Record<CampaignState, readonly CampaignCommand[]>> = {
  draft: ['launch'],
  live: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  cancelled: [],
  completed: [],
};

export const commandName: Readonly<Record<CampaignCommand, string>> = {
  launch: 'Launch',
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  complete: 'Complete',
};

/** @param estimate what a launch would do now; undefined while it is not known */
export function consequences(command: CampaignCommand, report: CampaignReport, estimate?: Estimate): Consequences {
  return table[command](report, estimate);
}

const table: Readonly<Record<CampaignCommand, (report: CampaignReport, estimate?: Estimate) => Consequences>> = {
  launch: ({ campaign, budget }, estimate) => ({
    question: `Launch “${campaign.title}”?`,
    customers: enteringText(campaign.trigger, estimate),
    cost: `Offers may cost up to ${money(budget.cap, campaign.currency)} in total, never more.`,
    undo: 'Pause stops it at any time and keeps everyone where they are. A sent message cannot be recalled.',
    yes: 'Launch it',
    no: 'Not yet',
    grave: false,
  }),
  pause: ({ campaign, underway, offers, budget, messages }) => ({
    question: `Pause “${campaign.title}”?`,
    customers: `${plural(underway.total, 'customer')} under way ${underway.total === 1 ? 'stays' : 'stay'} at their step, and nobody new enters. ${plannedText(messages)}`,
    cost: `${money(budget.reserved - budget.spent, campaign.currency)} stay reserved for ${plural(offers.open, 'open offer')}, which customers can still accept.`,
    undo: 'Resume continues every journey from its step. Offers keep their expiry date.',
    yes: 'Pause it',
    no: 'Let it run',
    grave: false,
  }),
  resume: ({ campaign, underway, budget }) => ({
    question: `Resume “${campaign.title}”?`,
    customers: `${plural(underway.total, 'customer')} under way ${underway.total === 1 ? 'goes' : 'go'} on from where they stand, and new ones enter again. Messages that fell due go out as the contact policy allows.${
      campaign.pauseReason === null ? '' : ' It paused automatically; bounces and complaints are counted again from now on.'
    }`,
    cost: `Up to ${money(budget.cap - budget.reserved, campaign.currency)} are left for further offers, of ${money(budget.cap, campaign.currency)}.`,
    undo: 'Pause stops it again. A sent message cannot be recalled.',
    yes: 'Resume it',
    no: 'Stay paused',
    grave: false,
  }),
  cancel: ({ campaign, underway, offers, budget, messages }) => ({
    question: `Cancel “${campaign.title}”?`,
    customers: `${plural(underway.total, 'customer')} under way ${underway.total === 1 ? 'leaves' : 'leave'} the campaign now, as cancelled. ${plannedText(messages)}`,
    cost: `${plural(offers.open, 'open offer')} ${offers.open === 1 ? 'is' : 'are'} withdrawn, which releases ${money(
      budget.reserved - budget.spent,
      campaign.currency,
    )}. Accepted offers, ${money(budget.spent, campaign.currency)}, stay valid.`,
    undo: 'This cannot be undone: a cancelled campaign does not run again. To stop for a while, pause it instead.',
    yes: 'Cancel the campaign',
    no: 'Keep it',
    grave: true,
  }),
  complete: ({ campaign, underway }) => ({
    question: `Complete “${campaign.title}”?`,
    customers: `Nobody new enters; ${plural(underway.total, 'customer')} under way go on to their end.`,
    cost: 'No offers except to them.',
    undo: 'This cannot be undone.',
    yes: 'Complete it',
    no: 'Let it run',
    grave: false,
  }),
};

function enteringText(trigger: string, estimate: Estimate | undefined): string {
  const later = trigger === 'by hand' ? 'Others enter by hand.' : `Others enter later, each time ${trigger}.`;
  if (!estimate) return `How many would enter at once is being counted. ${later}`;
  const { entering, audience, reachable } = estimate;
  const atOnce =
    entering.total === 0
      ? 'Nobody enters at once.'
      : `${plural(entering.total, 'customer')} enter at once: about ${count(entering.treated)} treated, ${count(entering.holdout)} held out, who get nothing.`;
  return `${atOnce} ${later} ${count(reachable)} of the ${count(audience)} customers in the audience may be written to.`;
}

function plannedText(messages: CampaignReport['messages']): string {
  const planned = messages.reduce((sum, channel) => sum + channel.planned, 0);
  if (planned === 0) return 'No message is about to be sent.';
  return `${plural(planned, 'planned message')} ${planned === 1 ? 'does' : 'do'} not go out.`;
}

/** Conditions that no customer meets, or that all meet, as sentences. */
export const warningText = ({ warnings }: Estimate): string => warnings.map(({ where, what }) => `${where}: ${what}.`).join(' ');
