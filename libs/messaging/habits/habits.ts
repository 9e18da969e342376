import type { EntityManager } from '@mikro-orm/postgresql';
import { IANAZone } from 'luxon';
import type { Channel } from '../../channels/table.js';
import { namesWith } from '../../journeys/answers/table.js';
import { query } from '../../persistence/sql.js';
import { regionZone } from '../../platform/time-zones.js';
import { believe, isClearlyHigher, meanOf, sum, type Belief, type Tally } from './posterior.js';

/** One message that the customer was sent, and whether they answered it. */
export interface Asked {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly answered: boolean;
}

/** How the whole population answers on one channel: 24 tallies, by the local hour of sending. */
export type HourlyTallies = readonly Tally[];

/** How everybody answers. */
export interface Population {
  readonly hours: ReadonlyMap<Channel, HourlyTallies>;
  /** The rate on each channel that was ever used, 0 to 1, shrunk to the rate on all of them. */
  readonly rates: ReadonlyMap<Channel, number>;
  /** The rate on all channels, which is what is expected of any other. */
  readonly rate: number;
}

/** What is known about how one customer answers, compared with everybody. */
export interface Habits {
  /** IANA name; null if none is known: hours are not learnt then. */
  readonly timeZone: string | null;
  readonly own: ReadonlyMap<Channel, readonly Asked[]>;
  readonly population: Population;
}

/** The weight of the population's rate in the estimate for a customer, as a number of messages: by channel, and by hour. */
const strengths = { channel: 10, hours: 20 };
/** The assumed rate of the population before there is data, and its weight as a number of messages. */
const start = { rate: 0.05, strength: 100 };

/** Hours are learnt in blocks, because nobody gets enough messages to distinguish single hours. */
const blockHours = 3;
const blocks = 24 / blockHours;
/** An hour is learnt only from at least this many answers. */
const fewestAnswers = 3;

const nothing: Tally = { sent: 0, answered: 0 };
const noHours: HourlyTallies = Array.from({ length: 24 }, () => nothing);

/**
 * Puts channels in the order in which to try them: the stated channel first, then by the expected answer rate. Channels with equal rates
 * stay in the given order.
 * @param stated the channel that the customer requested; null if they stated none
 * @returns all of `among`, best first, with the reason of each place: `channel-stated`; `channel-learnt` if the customer's own answers move
 *   it to another place than the population's; `channel-usual`
 */
export function rankChannels(
  stated: string | null,
  habits: Habits,
  among: readonly Channel[],
): readonly { readonly channel: Channel; readonly because: string }[] {
  const usual = byRate(among, (channel) => populationRate(habits, channel));
  const learnt = byRate(among, (channel) => meanOf(beliefAbout(habits, channel)));
  const rest = (order: readonly Channel[]): Channel[] => order.filter((channel) => channel !== stated);
  const usualRest = rest(usual);
  return [
    ...among.filter((channel) => channel === stated).map((channel) => ({ channel, because: 'channel-stated' })),
    ...rest(learnt).map((channel, place) => ({ channel, because: usualRest[place] === channel ? 'channel-usual' : 'channel-learnt' })),
  ];
}

/**
 * The local hours at which the customer answers on this channel clearly more often than at all others: each with a
 * probability of more than 95%.
 * @returns null if no hour is worth waiting for
 */
export function preferredHours(
  habits: Habits,
  channel: Channel,
): { readonly hours: readonly number[]; readonly because: 'hour-learnt' } | null {
  const timeZone = habits.timeZone === null ? undefined : regionZone(habits.timeZone);
  const asked = habits.own.get(channel) ?? [];
  if (timeZone === undefined || tallyOf(asked).answered < fewestAnswers) return null;
  const zone = IANAZone.create(timeZone);
  const own = blockTallies(asked, ({ at }) => localHour(zone, at), tallyOf);
  const everybody = blockTallies(
    [...(habits.population.hours.get(channel) ?? noHours).entries()],
    ([hour]) => hour,
    (hours) => sum(hours.map(([, tally]) => tally)),
  );
  // The population's habits by hour, scaled to this customer's answer rate on the channel.
  const usual = populationRate(habits, channel);
  const level = meanOf(beliefAbout(habits, channel)) / usual;
  const believed = (of: (block: number) => boolean): Belief => {
    const among = (tallies: readonly Tally[]): Tally => sum(tallies.filter((_, block) => of(block)));
    return believe(level * meanOf(believe(usual, start.strength, among(everybody))), strengths.hours, among(own));
  };
  const hours = own.flatMap(({ answered }, block) =>
    answered >= fewestAnswers &&
    isClearlyHigher(
      believed((each) => each === block),
      believed((each) => each !== block),
    )
      ? Array.from({ length: blockHours }, (_, hour) => block * blockHours + hour)
      : [],
  );
  return hours.length === 0 ? null : { hours, because: 'hour-learnt' };
}

function byRate(among: readonly Channel[], rate: (channel: Channel) => number): Channel[] {
  const rates = new Map(among.map((channel) => [channel, rate(channel)]));
  return [...among].sort((a, b) => (rates.get(b) ?? 0) - (rates.get(a) ?? 0));
}

function beliefAbout(habits: Habits, channel: Channel): Belief {
  return believe(populationRate(habits, channel), strengths.channel, tallyOf(habits.own.get(channel) ?? []));
}

/** The population's rates, from its counts. */
export function populationOf(hours: ReadonlyMap<Channel, HourlyTallies>): Population {
  const rate = meanOf(believe(start.rate, start.strength, sum([...hours.values()].flat())));
  const rates = [...hours].map(([channel, tallies]) => [channel, meanOf(believe(rate, start.strength, sum(tallies)))] as const);
  return { hours, rates: new Map(rates), rate };
}

function populationRate({ population }: Habits, channel: Channel): number {
  return population.rates.get(channel) ?? population.rate;
}

function tallyOf(asked: readonly Asked[]): Tally {
  return { sent: asked.length, answered: asked.filter(({ answered }) => answered).length };
}

function blockTallies<T>(items: readonly T[], hourOf: (item: T) => number, tally: (items: readonly T[]) => Tally): Tally[] {
  const byBlock = Array.from({ length: blocks }, (): T[] => []);
  for (const item of items) byBlock[Math.floor(hourOf(item) / blockHours)]?.push(item);
  return byBlock.map(tally);
}

function localHour(zone: IANAZone, at: number): number {
  const hour = Math.floor((at + zone.offset(at) * 60_000) / 3_600_000) % 24;
  return hour < 0 ? hour + 24 : hour;
}

const dayMs = 86_400_000;
/** How far back a customer's own messages count, and how many of them at most. */
const ownDays = 365;
const ownMessages = 100;
/** How far back the population's messages count: long enough for every hour, short enough to follow a change. */
const populationDays = 90;
/** A message without an answer counts only when it has had this long to get one. */
const answerWindowDays = 2;

/**
 * Real answers of a person: not opt-outs, auto-replies, bounces, or unclear texts. Clicks do not count: mail filters and link previews
 * follow every link within seconds of the sending, and nothing distinguishes such a GET from a customer's. An answer needs a text or a
 * button, which is a POST.
 */
const personal = (): readonly string[] => namesWith((kind) => kind.personal === true);
const arrived = `m.submitted_at is not null and m.state in ('accepted', 'delivered') and m.purpose = 'marketing'`;

/**
 * Loads how customers answered the messages of the last year, and how everybody does. One statement for any number of customers, only by
 * index: a customer's latest messages, answers and clicks.
 * @param now campaign time
 * @returns the habits of every given customer, also of those who never got a message
 */
export async function loadHabits(
  tx: EntityManager,
  customers: readonly { readonly customerId: string; readonly timeZone: string | null }[],
  now: Date,
): Promise<ReadonlyMap<string, Habits>> {
  const population = await loadPopulation(tx);
  const since = daysBefore(now, ownDays);
  const rows = await query<{ customerId: string; channel: Channel; at: Date; answered: boolean }>(
    tx,
    // Limits and aggregates keep the lateral joins as they are written: each is a look-up by customer, never a join of whole tables.
    `select w.customer_id as "customerId", m.channel, m.submitted_at as at, m.answered
     from unnest($1::uuid[]) as w (customer_id)
     cross join lateral (
       select array_agg(r.message_id) as ids from response r
       where r.customer_id = w.customer_id and r.received_at > $2 and r.answer = any($4::text[])
     ) a
     cross join lateral (
       select m.channel, m.submitted_at, (m.id = any(a.ids)) is true as answered
       from message m where m.customer_id = w.customer_id and m.planned_at > $2 and ${arrived}
       order by m.planned_at desc limit ${ownMessages}
     ) m
     where m.answered or m.submitted_at <= $3`,
    [[...new Set(customers.map(({ customerId }) => customerId))], since, daysBefore(now, answerWindowDays), personal()],
  );
  const own = new Map(customers.map(({ customerId }) => [customerId, new Map<Channel, Asked[]>()]));
  for (const { customerId, channel, at, answered } of rows) {
    const byChannel = own.get(customerId);
    const asked = byChannel?.get(channel) ?? [];
    asked.push({ at: at.getTime(), answered });
    byChannel?.set(channel, asked);
  }
  return new Map(
    customers.map(({ customerId, timeZone }) => [
      customerId,
      { timeZone, own: own.get(customerId) ?? new Map<Channel, Asked[]>(), population },
    ]),
  );
}

async function loadPopulation(tx: EntityManager): Promise<Population> {
  const rows = await query<{ channel: Channel; hour: number } & Tally>(tx, 'select channel, hour, sent, answered from answer_rate');
  const population = new Map<Channel, Tally[]>();
  for (const { channel, hour, sent, answered } of rows) {
    const tallies = population.get(channel) ?? [...noHours];
    tallies[hour] = { sent, answered };
    population.set(channel, tallies);
  }
  return populationOf(population);
}

/**
 * Counts again how everybody answered the messages of the last 90 days, by channel and by the local hour of sending. Call it about once an
 * hour: it reads all messages of that time. If another process is already counting, it does nothing.
 * @param now campaign time
 */
export async function countAnswerRates(em: EntityManager, now: Date): Promise<void> {
  await em.transactional(async (tx) => {
    const [lock] = await query<{ mine: boolean }>(tx, `select pg_try_advisory_xact_lock(hashtext('answer-rate')) as mine`);
    if (lock?.mine !== true) return;
    await query(tx, 'delete from answer_rate');
    await query(
      tx,
      `insert into answer_rate (channel, hour, sent, answered, counted_at)
       select m.channel, extract(hour from m.submitted_at at time zone z.name)::int, count(*), count(a.id), $1
       from message m
       join customer c on c.id = m.customer_id
       join pg_timezone_names z on z.name = c.time_zone
       left join (
         select distinct message_id as id from response where received_at > $2 and answer = any($4::text[]) and message_id is not null
       ) a on a.id = m.id
       where m.planned_at > $2 and ${arrived} and (a.id is not null or m.submitted_at <= $3)
       group by 1, 2`,
      [now, daysBefore(now, populationDays), daysBefore(now, answerWindowDays), personal()],
    );
  });
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * dayMs);
}
