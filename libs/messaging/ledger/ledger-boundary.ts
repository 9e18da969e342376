import type { Channel } from '../../channels/table.js';

/**
 * The points between which a process can crash, in the order in which a message passes them. `claimed`: after the claim's commit.
 * `composed`. `sending`: passed to the channel. `marking`: the mark is requested and not committed. `marked`: it is committed, and nothing
 * has been sent to the provider yet. `answered`: the provider replied, and the result is not settled. `settling`: just before the
 * settlement's commit. `settled`: after it.
 */
export type LedgerBoundary = 'claimed' | 'composed' | 'sending' | 'marking' | 'marked' | 'answered' | 'settling' | 'settled';

/** Called at each boundary, once for each message; its result is awaited. For tests that stop a process there. */
export type AtBoundary = (boundary: LedgerBoundary, channel: Channel) => void | Promise<void>;
