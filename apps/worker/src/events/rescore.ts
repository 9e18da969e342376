import type { MikroORM } from '@mikro-orm/postgresql';
import { kindsAsking } from '../../../../libs/scoring/registry/champion.js';
import { scoreCustomers } from '../../../../libs/scoring/score-customers.js';
import { timeOf, type Subscriber } from './subscriber.js';
import { together } from './together.js';

/** The scores that read what changed are computed again, and the customer may cross a threshold with them. */
export const rescoreAfterChange: Subscriber<'customer.changed'> = (event, around) => {
  const { customerId, payload } = event;
  return rescoring(around.orm)({ customerId, fields: payload.fields, now: timeOf(event, around) });
};

interface Changed {
  readonly customerId: string;
  readonly fields: readonly string[];
  readonly now: Date;
}

/** The relay delivers many events at once, and customers who are scored together cost little more than one. */
const rescoringOf = new WeakMap<MikroORM, (changed: Changed) => Promise<void>>();

function rescoring(orm: MikroORM): (changed: Changed) => Promise<void> {
  const known = rescoringOf.get(orm);
  if (known !== undefined) return known;
  const made = together<Changed>((changed) => rescore(orm, changed));
  rescoringOf.set(orm, made);
  return made;
}

async function rescore(orm: MikroORM, changed: readonly Changed[]): Promise<void> {
  const em = orm.em.fork();
  const now = new Date(Math.max(...changed.map((each) => each.now.getTime())));
  for (const { kind, asks } of await kindsAsking(em, [...new Set(changed.flatMap(({ fields }) => fields))])) {
    const customerIds = changed.filter(({ fields }) => fields.some((field) => asks.includes(field))).map(({ customerId }) => customerId);
    await scoreCustomers(em, { kind, customerIds: [...new Set(customerIds)], now });
  }
}
