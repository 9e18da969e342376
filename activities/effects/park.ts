import type { EngineEffectOf, Performer } from './performer.js';

/** Parking is only stored, with the wake's other progress. */
export const park: Performer<EngineEffectOf<'park'>> = {
  pausable: false,
  perform: () => Promise.resolve({ kind: 'parked' }),
};
