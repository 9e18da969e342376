import { channels } from '../../libs/customers/contact-point.entity.js';
import type { DispatchHints } from '../../libs/messaging/dispatch/hints.js';
import { planMessage } from '../../libs/messaging/planning/plan-message.js';
import type { PolicyTables } from '../../libs/messaging/contact-policy/policy-tables.js';
import type { Performer } from './performer.js';

/** Plans a message in the ledger, if the contact policy lets it, and then hints the dispatcher that there is work. */
export const send = (hints: DispatchHints, policy: PolicyTables): Performer<'send'> => ({
  pausable: true,
  perform: (tx, { enrolmentId, now }, wish) => planMessage(tx, { ...wish, enrolmentId, now }, policy),
  afterwards: async (result) => {
    const channel = channels.find((known) => result.kind === 'planned' && known === result.channel);
    if (channel !== undefined) await hints.hint(channel);
  },
});
