import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../../libs/channels/table.js';
import type { MessageState } from '../../libs/messaging/ledger/message.entity.js';
import { query } from '../../libs/persistence/sql.js';

/** One row of the ledger at the end, with how often its provider accepted it. */
export interface Entry {
  readonly id: string;
  readonly channel: Channel;
  readonly state: MessageState;
  readonly errorCode: string | null;
  readonly settledBy: string | null;
  readonly seen: number;
}

export interface ChannelBooks {
  readonly planned: number;
  readonly accepted: number;
  readonly delivered: number;
  readonly rejected: number;
  readonly unknown: number;
  /** How many messages the provider accepted. */
  readonly taken: number;
}

export interface Books {
  readonly channels: ReadonlyMap<Channel, ChannelBooks>;
  /** Recorded as sent and never accepted, or never finished. */
  readonly lost: readonly string[];
  /** Accepted more than once; or accepted and recorded as not sent, so that its journey would send again. */
  readonly doubled: readonly string[];
  readonly unknown: readonly string[];
  /** How those that were once unknown were settled: how many, by whom. */
  readonly settledBy: ReadonlyMap<string, number>;
}

const sent: readonly MessageState[] = ['accepted', 'delivered'];

export async function readLedger(em: EntityManager, times: (messageId: string) => number): Promise<Entry[]> {
  const rows = await query<Omit<Entry, 'seen'>>(
    em,
    `select id, channel, state, error_code as "errorCode", settled_by as "settledBy" from message order by id`,
  );
  return rows.map((row) => ({ ...row, seen: times(row.id) }));
}

/** Compares the ledger with the messages that the providers accepted. */
export function drawBooks(entries: readonly Entry[]): Books {
  const channels = new Map<Channel, ChannelBooks>();
  for (const channel of new Set(entries.map((entry) => entry.channel))) {
    const own = entries.filter((entry) => entry.channel === channel);
    const inState = (...states: readonly MessageState[]): number => own.filter(({ state }) => states.includes(state)).length;
    channels.set(channel, {
      planned: own.length,
      accepted: inState('accepted'),
      delivered: inState('delivered'),
      rejected: inState('rejected', 'bounced', 'withdrawn', 'late'),
      unknown: inState('unknown'),
      taken: own.filter(({ seen }) => seen > 0).length,
    });
  }
  const settledBy = new Map<string, number>();
  for (const { settledBy: by } of entries) if (by !== null) settledBy.set(by, (settledBy.get(by) ?? 0) + 1);
  const ids = (which: (entry: Entry) => boolean): string[] => entries.filter(which).map(({ id }) => id);
  return {
    channels,
    lost: ids((entry) => (sent.includes(entry.state) ? entry.seen === 0 : !isAccountedFor(entry))),
    doubled: ids(({ state, seen }) => seen > 1 || (seen > 0 && state !== 'unknown' && !sent.includes(state))),
    unknown: ids(({ state }) => state === 'unknown'),
    settledBy,
  };
}

/** Nothing refuses a message here: the one reason for not being sent is a look-up that did not find it. */
function isAccountedFor({ state, errorCode }: Entry): boolean {
  return state === 'unknown' || (state === 'rejected' && errorCode === 'not-found');
}
