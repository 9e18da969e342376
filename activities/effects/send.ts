import { isChannel } from '../../libs/channels/table.js';
import type { SendEffect, SendResult } from '../../libs/journeys/steps/send.js';
import type { DispatchHints } from '../../libs/messaging/dispatch/hints.js';
import { planMessage } from '../../libs/messaging/planning/plan-message.js';
import type { PolicyTables } from '../../libs/messaging/contact-policy/policy-tables.js';
import type { Performer } from './performer.js';

/** Plans a message in the ledger, if the contact policy allows it, and then sends the dispatcher a hint. */
export const send = (hints: DispatchHints, policy: () => PolicyTables): Performer<SendEffect, SendResult> => ({
  pausable: true,
  perform: (tx, { enrolmentId, now }, wish) => planMessage(tx, { ...wish, enrolmentId, now }, policy()),
  afterwards: async (result) => {
    if (result.kind === 'planned' && isChannel(result.channel)) await hints.hint(result.channel);
  },
});
