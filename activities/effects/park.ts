import type { EngineEffectOf, Performer } from './performer.js';

/** Parking only records where the journey waits and until when, which the caller does with every effect. */
export const park: Performer<EngineEffectOf<'park'>> = {
  holdable: false,
  perform: () => Promise.resolve({ kind: 'parked' }),
};
