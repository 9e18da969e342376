import type { LedgerBoundary } from '../../libs/messaging/ledger/ledger-boundary.js';
import { createRandom } from '../../libs/platform/random.js';

/** Every place between two of which a crash can fall, in the order in which a message passes them. */
export const boundaries = [
  'claimed',
  'composed',
  'sending',
  'marking',
  'marked',
  'answered',
  'settling',
  'settled',
] as const satisfies readonly LedgerBoundary[];

/** The channels that have a witness here. */
export const crashChannels = ['email', 'sms'] as const;
export type CrashChannel = (typeof crashChannels)[number];

/** Where a dispatcher kills itself: at the `nth` passing of a boundary on a channel. */
export interface Aim {
  readonly boundary: LedgerBoundary;
  readonly channel: CrashChannel;
  readonly nth: number;
}

/** How the providers are while it runs: at ease, slow, or cutting the line after they took a message. */
export type Weather = 'fair' | 'slow' | 'cutting';

/** One life of a dispatcher, and how it ends. */
export interface Round {
  /** Absent: killed from outside, so many real milliseconds after its first message was seen by a witness. */
  readonly aim?: Aim;
  readonly afterMs: number;
  /** A second dispatcher works beside it. */
  readonly inPair: boolean;
  readonly weather: Weather;
}

/** Boundary and channel in turn, every fifth kill at a random moment; where exactly, and all else, by the seed. */
export function schedule(seed: string, kills: number): Round[] {
  const random = createRandom(`crash:${seed}`);
  const places = boundaries.flatMap((boundary) => crashChannels.map((channel) => ({ boundary, channel })));
  let turn = 0;
  return Array.from({ length: kills }, (_, kill) => {
    const around = {
      afterMs: random.below(250),
      inPair: random.chance(0.1),
      weather: random.weighted([
        { weight: 5, name: 'fair' },
        { weight: 4, name: 'slow' },
        { weight: 1, name: 'cutting' },
      ] as const).name,
    };
    const nth = 1 + random.below(80);
    if (kill % 5 === 4) return around;
    const place = places[turn++ % places.length];
    return place === undefined ? around : { ...around, aim: { ...place, nth } };
  });
}
