import { channelInText } from '../../format/words.js';

export type Verdict = 'sent' | 'not-sent';

/** What settling a message does, told before it is done. */
export interface Settling {
  readonly question: string;
  readonly message: string;
  readonly journey: string;
  readonly undo: string;
  readonly yes: string;
}

/** @param channel the code of the message's channel */
export function settling(as: Verdict, channel: string): Settling {
  return table[as](channelInText(channel));
}

const table: Readonly<Record<Verdict, (channel: string) => Settling>> = {
  sent: () => ({
    question: 'The provider took it?',
    message: 'It stands as accepted, and counts for the caps of this customer.',
    journey: 'The journey goes on waiting for the answer. Nothing more is sent now.',
    undo: 'This cannot be undone, though a bounce that is reported later still counts.',
    yes: 'It was sent',
  }),
  'not-sent': (channel) => ({
    question: 'The provider never had it?',
    message: 'It stands as rejected, and is not sent again.',
    journey: `The journey tries the next channel that this customer allows, or goes on without one. If the ${channel} did arrive, they hear from us twice.`,
    undo: 'This cannot be undone. An answer to the message would still put the books right.',
    yes: 'It was not sent',
  }),
};
