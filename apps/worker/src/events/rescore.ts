import { kindsAsking } from '../../../../libs/scoring/registry/champion.js';
import { scoreCustomers } from '../../../../libs/scoring/score-customers.js';
import { timeOf, type Subscriber } from './subscriber.js';

/** The scores that read what changed are computed again, and the customer may cross a threshold with them. */
export const rescoreAfterChange: Subscriber<'customer.changed'> = async (event, around) => {
  const { customerId, payload } = event;
  const em = around.orm.em.fork();
  const now = timeOf(event, around);
  for (const kind of await kindsAsking(em, payload.fields)) await scoreCustomers(em, { kind, customerIds: [customerId], now });
};
