import type { Purpose } from '../../customers/purpose.js';
import type { ChannelWish } from '../effects.js';
import type { GraphStep } from '../graph.js';
import { leave, park, perform, ranOut, type Move, type StepContext, type StepModule } from './step-module.js';

export interface OfferSpec {
  readonly template: string;
  readonly channel: ChannelWish;
  /** Marketing where it is not said. */
  readonly purpose?: Purpose;
}

/** Sends a message with the open offer, when policy lets it. Ways: `next`, or `blocked` where no channel is left. */
export const offer: StepModule = {
  enter: send,
  elapsed: send,
  performed: (_step, result) => {
    if (result.kind === 'planned') return leave(['next'], ranOut);
    if (result.kind === 'deferred') return park(result.until);
    if (result.kind === 'blocked') return leave(['blocked'], 'unreachable');
    return undefined;
  },
};

function send(step: GraphStep, { occurrence, except, last }: StepContext): Move {
  const { template, channel, purpose } = step.spec as OfferSpec;
  return perform({ kind: 'send', step: step.id, occurrence, template, channel, ...(purpose && { purpose }), except, last });
}
