import type { Channel } from '../../channels/table.js';

/**
 * The places between two of which a crash can fall, in the order in which a message passes them.
 * `claimed`: after the claim's commit. `composed`. `sending`: handed to the channel. `marking`: the mark is asked for and
 * not committed. `marked`: it is committed, and nothing has been sent to the provider yet. `answered`: the provider answered, and
 * that is not settled. `settling`: just before the settlement's commit. `settled`: after it.
 */
export type LedgerBoundary = 'claimed' | 'composed' | 'sending' | 'marking' | 'marked' | 'answered' | 'settling' | 'settled';

/** Called at each boundary, once for each message; what it returns is waited for. For tests that stop a process there. */
export type AtBoundary = (boundary: LedgerBoundary, channel: Channel) => void | Promise<void>;
