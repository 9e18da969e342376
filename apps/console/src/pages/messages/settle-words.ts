import type { UnknownMessage } from '../../api/types.js';
import { moment } from '../../format/time.js';
import { channelInText } from '../../format/words.js';

export type Verdict = 'sent' | 'not-sent';

/** What settling a message will do, shown before it is done. */
export interface Settling {
  readonly question: string;
  readonly message: string;
  readonly journey: string;
  readonly undo: string;
  readonly yes: string;
  /** The message after it is done. */
  readonly done: string;
}

/** @param message described by its channel and when it was submitted, because it may be one of many in the list */
export function settling(as: Verdict, { channel, submittedAt, plannedAt }: Settled): Settling {
  return table[as](channelInText(channel), moment(submittedAt ?? plannedAt));
}

type Settled = Pick<UnknownMessage, 'channel' | 'submittedAt' | 'plannedAt'>;

const table: Readonly<Record<Verdict, (channel: string, at: string) => Settling>> = {
  sent: (channel, at) => ({
    question: 'Did the provider accept it?',
    message: `The message by ${channel}, ${at}, is recorded as accepted, and counts for the caps of this customer.`,
    journey: 'The journey continues to wait for the answer. Nothing more is sent now.',
    undo: 'This cannot be undone, though a bounce that is reported later still counts.',
    yes: 'It was sent',
    done: `The message by ${channel}, ${at}, is recorded as accepted.`,
  }),
  'not-sent': (channel, at) => ({
    question: 'Did the provider never get it?',
    message: `The message by ${channel}, ${at}, is recorded as rejected, and is not sent again.`,
    journey: `The journey tries the next channel that this customer allows, or continues without one. If the message did arrive, the customer gets two messages.`,
    undo: 'This cannot be undone. An answer to the message would still correct the record.',
    yes: 'It was not sent',
    done: `The message by ${channel}, ${at}, is recorded as rejected.`,
  }),
};
