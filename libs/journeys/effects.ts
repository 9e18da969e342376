import type { Purpose } from '../customers/purpose.js';
import type { Channel } from '../customers/contact-point.entity.js';
import type { JourneySignal } from './journey-signal.js';

/**
 * What the engine asks its shell to do, and what the shell answers. Instants are milliseconds since 1970 in campaign
 * time. `step` and `occurrence` together make every effect idempotent: doing it twice gives the first answer again.
 */
export type JourneyEffect =
  /** Look at the customer again: does the rule still hold? */
  | { readonly kind: 'assess'; readonly step: string; readonly occurrence: number; readonly rule: string }
  /** Choose a treatment and issue it as an offer, or find that nothing pays. */
  | { readonly kind: 'choose'; readonly step: string; readonly occurrence: number; readonly from: readonly string[] }
  /** Plan a message with the enrolment's open offer. */
  | {
      readonly kind: 'send';
      readonly step: string;
      readonly occurrence: number;
      readonly template: string;
      /** `other`: not the channel that was used last. */
      readonly channel: ChannelWish;
      /** Marketing where it is not said. */
      readonly purpose?: Purpose;
      /** Channels that failed for good at this step. */
      readonly except: readonly string[];
      /** The channel of the journey's last message, for `other`. */
      readonly last: string | null;
    }
  /** Which of these rules holds first? */
  | {
      readonly kind: 'branch';
      readonly step: string;
      readonly occurrence: number;
      readonly rules: readonly { readonly label: string; readonly rule: string }[];
    }
  /**
   * The customer changed: is the goal reached, or are they gone? Asked between two effects of the step where the journey
   * stands: `lastOccurrence` is that of the step's last effect, `visit` the ordinal of the visit.
   */
  | { readonly kind: 'check-goal'; readonly step: string; readonly lastOccurrence: number; readonly visit: number }
  /** Nothing to do until then, unless a signal comes first. */
  | { readonly kind: 'park'; readonly step: string; readonly until: number }
  /** The journey ends. */
  | { readonly kind: 'close'; readonly outcome: string };

/** The customer's own choice, another than the last, or one by name. */
export type ChannelWish = 'preferred' | 'other' | Channel;

export type EffectResult =
  | { readonly kind: 'assessed'; readonly holds: boolean }
  | { readonly kind: 'chosen'; readonly treatment: string | null }
  | { readonly kind: 'planned'; readonly channel: string; readonly messageId: string }
  | { readonly kind: 'deferred'; readonly until: number; readonly reason: string }
  | { readonly kind: 'blocked'; readonly reason: string }
  | { readonly kind: 'branched'; readonly label: string }
  | { readonly kind: 'goal-checked'; readonly reached: boolean; readonly left: boolean }
  | { readonly kind: 'parked' }
  | { readonly kind: 'closed' }
  /** The campaign is paused: nothing was done; ask again once resumed. */
  | { readonly kind: 'paused' };

/** What can happen to a journey. */
export type JourneyInput =
  | { readonly kind: 'started' }
  | { readonly kind: 'performed'; readonly result: EffectResult }
  /** The instant that it was parked until has come. */
  | { readonly kind: 'elapsed' }
  | { readonly kind: 'signalled'; readonly signal: JourneySignal }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'cancelled' };

/** A step that was reached, and the way by which the one before it was left: for the projection in PostgreSQL. */
export interface Visit {
  readonly ordinal: number;
  readonly step: string;
  readonly at: number;
  /** Set once the step was left. */
  readonly label: string | null;
}
