import type { Named } from '../../platform/kinds.js';

/**
 * One kind of answer: what an incoming word or click was taken to mean, and what follows from it. What it names here,
 * libs/responses does. Left out: nothing of the kind.
 */
export interface AnswerKind extends Named {
  /** Journeys are notified. A step may have a way of its name; where it has none the journey ends so. */
  readonly journey?: { readonly ending: string };
  /** What becomes of the offer at stake. */
  readonly offer?: OfferMove;
  /** What becomes of the consent to be written to at the address, and whichever other the customer meant. */
  readonly consent?: 'withdraw' | 'grant';
  /** A mailbox provider handed it on when the customer pressed its spam button: no more mail is wanted, and nothing is to be read. */
  readonly reported?: { readonly consent: 'withdraw' };
  /** A person at the desk reads it. */
  readonly desk?: true;
  /** A person at the desk may find that an answer meant this, which is called so there. */
  readonly meaning?: { readonly called: string };
  /** What the campaign's feed says of the customer, and as which kind of happening it is shown. */
  readonly feed?: { readonly kind: 'stop' | 'declined' | 'question'; readonly text: string };
  /** The customer answers with it, so that it says on which channel and at which hour they do. */
  readonly personal?: true;
  /** Said back at once: `help`: what this is, and how to end it; `too-late`: that it is, where the offer has ended. */
  readonly saysBack?: 'help' | 'too-late';
  /** No answer of the customer: a mail system reports what became of the message. */
  readonly deliveryReport?: true;
  /** Plainly said by a person: in a mail it goes before a hint that a program wrote. */
  readonly plain?: true;
  /**
   * How its words decide, which stand under its name in config/replies. `whole`: where the answer is nothing but them;
   * `said`: also where it says them somewhere without a negation; `rules`: by rules of its own in libs/responses.
   */
  readonly words?: 'whole' | 'said' | 'rules';
  /** Its words are looked for on these channels alone. */
  readonly wordsOn?: readonly string[];
}

/** `accept`, `decline`: the customer does so. `release`: those of the journey that was answered are withdrawn. */
export type OfferMove = 'accept' | 'decline' | 'release';
