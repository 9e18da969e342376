import type { Named } from '../../platform/kinds.js';

/**
 * One kind of answer: what an incoming text or click was classified as, and what follows from it. libs/responses carries out what is
 * declared here. A missing part means that nothing follows.
 */
export interface AnswerKind extends Named {
  /** Journeys are notified. A step may have a way with the answer's name; if it has none, the journey ends with this outcome. */
  readonly journey?: { readonly ending: string };
  /** What happens to the offer in question. */
  readonly offer?: OfferMove;
  /** What happens to the consent for the address, and for any other address that the customer meant. */
  readonly consent?: 'withdraw' | 'grant';
  /** The mailbox provider reported that the customer pressed the spam button: they want no more mail, and there is no text to read. */
  readonly reported?: { readonly consent: 'withdraw' };
  /** A person at the desk reads it. */
  readonly desk?: true;
  /** A person at the desk may decide that an answer meant this; its name there. */
  readonly meaning?: { readonly called: string };
  /** What the campaign's feed says about the customer, and as which kind of entry it is shown. */
  readonly feed?: { readonly kind: 'stop' | 'declined' | 'question'; readonly text: string };
  /** It is a real answer by the customer, so it counts for their preferred channel and hour. */
  readonly personal?: true;
  /** The reply at once. `help`: what the messages are and how to end them. `too-late`: the offer has ended, if it has. */
  readonly saysBack?: 'help' | 'too-late';
  /** Not an answer by the customer, but a mail system's report about the message. */
  readonly deliveryReport?: true;
  /** Clearly written by a person: in a mail it takes precedence over a hint that a program wrote it. */
  readonly plain?: true;
  /**
   * How its words in config/replies decide. `whole`: the text consists only of them. `said`: the text contains them without a negation.
   * `rules`: its own rules in libs/responses decide.
   */
  readonly words?: 'whole' | 'said' | 'rules';
  /** Its words count only on these channels. */
  readonly wordsOn?: readonly string[];
}

/** `accept`, `decline`: the customer does so. `release`: the offers of the answered journey are withdrawn. */
export type OfferMove = 'accept' | 'decline' | 'release';
