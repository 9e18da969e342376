import type { MikroORM } from '@mikro-orm/postgresql';
import type { Channel } from '../../../libs/channels/table.js';
import type { BreakerState } from '../../../libs/messaging/providers/provider.entity.js';
import { listProviders } from '../../../libs/messaging/providers/providers.js';
import type { Logger } from '../../../libs/platform/log.js';
import { askAll, postgresqlAnswers, type Pulse, type Readiness } from '../../hosting/health.js';

/** How a dispatcher is, and how the providers are that it hands over to. */
export type DispatcherHealth = Readiness<'postgresql' | 'rounds'> & {
  /** Only shown: a dispatcher that leaves a failing provider alone does its work, and a new one would do no better. */
  readonly providers?: Readonly<Partial<Record<Channel, BreakerState>>>;
};

/** @param pulse of the rounds in which the ledger is swept */
export async function dispatcherHealth(orm: MikroORM, used: readonly Channel[], pulse: Pulse, log: Logger): Promise<DispatcherHealth> {
  const answer = await askAll({ postgresql: () => postgresqlAnswers(orm), rounds: () => pulse.steady }, log);
  if (!answer.postgresql) return answer;
  const standings = await listProviders(orm.em.fork()).catch(() => []);
  const breakers = standings.filter(({ channel }) => used.includes(channel)).map(({ channel, breaker }) => [channel, breaker]);
  return { ...answer, providers: Object.fromEntries(breakers) as Partial<Record<Channel, BreakerState>> };
}
