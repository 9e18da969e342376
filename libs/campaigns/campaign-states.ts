import { conflict } from '../platform/problem.js';
import type { CampaignState } from './campaign.entity.js';

export const campaignCommands = ['launch', 'pause', 'resume', 'cancel', 'complete'] as const;
export type CampaignCommand = (typeof campaignCommands)[number];

interface Transition {
  readonly from: readonly CampaignState[];
  readonly to: CampaignState;
}

/** Every transition between the states of a campaign. Cancelled and completed are final. */
const transitions: Readonly<Record<CampaignCommand, Transition>> = {
  launch: { from: ['draft'], to: 'live' },
  pause: { from: ['live'], to: 'paused' },
  resume: { from: ['paused'], to: 'live' },
  cancel: { from: ['draft', 'live', 'paused'], to: 'cancelled' },
  complete: { from: ['live', 'paused'], to: 'completed' },
};

/** The state that a command leads to. @throws Problem conflict if the present state forbids the command */
export function nextState(state: CampaignState, command: CampaignCommand): CampaignState {
  const { from, to } = transitions[command];
  if (from.includes(state)) return to;
  const possible = commandsIn(state);
  throw conflict(
    `A ${state} campaign does not accept ${command}`,
    possible.length === 0 ? 'Create a campaign under another key.' : `Possible now: ${possible.join(', ')}.`,
  );
}

/** The commands that a state allows. */
export function commandsIn(state: CampaignState): CampaignCommand[] {
  return campaignCommands.filter((command) => transitions[command].from.includes(state));
}
