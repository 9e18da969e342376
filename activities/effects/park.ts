import type { Performer } from './performer.js';

/** Parking is only written down, with the wake's other progress. */
export const park: Performer<'park'> = {
  pausable: false,
  perform: () => Promise.resolve({ kind: 'parked' }),
};
