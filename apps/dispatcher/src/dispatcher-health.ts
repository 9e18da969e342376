import type { MikroORM } from '@mikro-orm/postgresql';
import type { Channel } from '../../../libs/channels/table.js';
import type { BreakerState } from '../../../libs/messaging/providers/provider.entity.js';
import { listProviders } from '../../../libs/messaging/providers/providers.js';
import type { Logger } from '../../../libs/platform/log.js';
import { askAll, postgresqlAnswers, type Pulse, type Readiness } from '../../hosting/health.js';

/** The health of a dispatcher, and the state of its providers. */
export type DispatcherHealth = Readiness<'postgresql' | 'sweeps'> & {
  /** Only shown: a dispatcher that stops sending to a failing provider works correctly, and a restart would not help. */
  readonly providers?: Readonly<Partial<Record<Channel, BreakerState>>>;
};

/** @param pulse of the sweeps of the ledger */
export async function dispatcherHealth(orm: MikroORM, used: readonly Channel[], pulse: Pulse, log: Logger): Promise<DispatcherHealth> {
  const answer = await askAll({ postgresql: () => postgresqlAnswers(orm), sweeps: () => pulse.steady }, log);
  if (!answer.postgresql) return answer;
  const standings = await listProviders(orm.em.fork()).catch(() => []);
  const breakers = standings.filter(({ channel }) => used.includes(channel)).map(({ channel, breaker }) => [channel, breaker]);
  return { ...answer, providers: Object.fromEntries(breakers) as Partial<Record<Channel, BreakerState>> };
}
