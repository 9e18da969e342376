import { z } from 'zod';
import { channelKinds, channels, isChannel } from '../../channels/table.js';
import { purposes, type Purpose } from '../../channels/purpose.js';
import type { ChannelWish, StepEffect, StepResult } from '../effects.js';
import type { GraphStep } from '../graph.js';
import { oneOf } from '../../platform/kinds.js';
import { key } from '../written.js';
import { leave, park, perform, ranOut, type Move, type StepContext, type StepKind } from './step-kind.js';

export interface SendSpec {
  readonly template: string;
  readonly channel: ChannelWish;
  /** Marketing if it is not stated. */
  readonly purpose?: Purpose | undefined;
}
/** Plan a message, with the enrolment's open offer if there is one. */
export interface SendEffect extends StepEffect<'send'> {
  readonly template: string;
  /** `other`: a channel other than the last one. */
  readonly channel: ChannelWish;
  readonly purpose?: Purpose;
  /** Channels that failed permanently at this step. */
  readonly except: readonly string[];
  /** The channel of the journey's last message, for `other`. */
  readonly last: string | null;
}
export interface Planned extends StepResult<'planned'> {
  readonly channel: string;
  readonly messageId: string;
}
export interface Deferred extends StepResult<'deferred'> {
  /** Milliseconds since 1970, campaign time. */
  readonly until: number;
  readonly reason: string;
}
export interface Blocked extends StepResult<'blocked'> {
  readonly reason: string;
}
export type SendResult = Planned | Deferred | Blocked;

const ending = { label: 'blocked', outcome: 'unreachable', usual: false };
const wishes = ['preferred', 'other'] as const;

/** Sends a message if the contact policy allows it. Ways: `next`, or `blocked` if no channel is left. */
export const send: StepKind<SendSpec, SendResult> = {
  aliases: ['offer'],
  description: 'Sends a message when the contact policy allows it; if no channel remains, ends as unreachable',
  example: 'send: { template: save-offer, channel: preferred }',
  get mistakenFor() {
    return ['message', ...channels];
  },
  spec: z.strictObject({
    template: key.describe('The message, from config/templates'),
    channel: oneOf<ChannelWish>(() => [...wishes, ...channels])
      .default('preferred')
      .describe("preferred: the customer's own choice. other: not the channel used last. Or a channel by name"),
    // No default: a step without a purpose is stored without one.
    purpose: z
      .enum(purposes)
      .optional()
      .describe('service: about the contract, so that consent to marketing, objection, caps and gaps do not apply. Otherwise marketing'),
  }),
  ways: ['blocked'],
  follows: () => 'next',
  ending,
  mentions: ({ template, channel }) => [
    { what: 'template', text: template, path: ['template'], ...(isChannel(channel) && { on: channel }) },
  ],
  words: ({ template, channel, purpose }) => ({
    title: 'Send',
    detail: [
      template,
      isChannel(channel) ? channelKinds.get(channel).words.called : `${channel} channel`,
      purpose === 'service' ? 'service message' : '',
    ]
      .filter(Boolean)
      .join(', '),
  }),
  waits: false,
  sends: ({ template, channel, purpose }) => ({ template, channel, purpose: purpose ?? 'marketing' }),
  enter: plan,
  effect: 'send',
  results: ['planned', 'deferred', 'blocked'],
  performed: (_step, result) => {
    if (result.kind === 'deferred') return park(result.until);
    if (result.kind === 'blocked') return leave([ending.label], ending.outcome);
    const { messageId, channel } = result;
    return { ...leave(['next'], ranOut), sent: { messageId, channel } };
  },
  elapsed: plan,
};

function plan({ id, spec }: GraphStep<SendSpec>, { occurrence, except, last }: StepContext): Move {
  const { template, channel, purpose } = spec;
  return perform({ kind: 'send', step: id, occurrence, template, channel, ...(purpose && { purpose }), except, last } satisfies SendEffect);
}
