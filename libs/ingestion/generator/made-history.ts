import { createRandom, type Random } from '../../platform/random.js';

/** A made-up event: when, in days before now, and what it says. */
export interface MadeEvent {
  readonly kind: string;
  readonly daysAgo: number;
  readonly data: Readonly<Record<string, string | number>>;
}

/** What a made-up history depends on. */
export interface Lived {
  /** The company's number for them, which seeds what happens. */
  readonly externalId: string;
  /** Whole months as a customer; a year where it is not known. */
  readonly tenure: number | null;
  /** What they pay a month, in major units. */
  readonly monthlyCharge: number;
  /** They pay by hand: a payment fails sooner. */
  readonly paysByHand: boolean;
}

const monthsMade = 12;
const monthDays = 30;

/**
 * Makes up a year in the life of a customer: use, payments, tickets, pages that were looked at; and what follows from them: a higher plan, one
 * more product, a debt that was given up. Each follows from what came before it with some chance, so that there is something to learn, and not
 * everything. The same seed and external id give the same year.
 */
export function makeHistory(seed: string, customer: Lived): MadeEvent[] {
  const random = createRandom(`${seed}:${customer.externalId}:history`);
  const events: MadeEvent[] = [];
  const months = Math.min(monthsMade, Math.max(1, customer.tenure ?? monthsMade));
  const life = beginning(random);
  for (let left = months; left > 0; left--) {
    // Within a month things happen in an order: what shows something first, then what follows from it.
    const at = (from: number, to: number): number => left * monthDays - (from + random.next() * (to - from)) * monthDays;
    const say = (kind: string, daysAgo: number, data: MadeEvent['data']): void => void events.push({ kind, daysAgo, data });
    changeMood(life, customer, random);
    liveAMonth(life, customer, random, (kind, data) => say(kind, at(0, 0.55), data));
    for (const { kind, data } of consequences(life, customer, random)) say(kind, at(0.6, 0.99), data);
  }
  return events;
}

/** What is going on with a customer, which nobody sees, and what it leads to. */
interface Life {
  gigabytes: number;
  /** They use more every month, and begin to look at plans. */
  growing: boolean;
  /** They look around for something else to have. */
  curious: boolean;
  /** They are short of money. */
  short: boolean;
  /** How many payments in a row have failed. */
  unpaid: number;
  products: number;
}

function beginning(random: Random): Life {
  const gigabytes = 5 * Math.exp(1.2 * (random.next() + random.next() - 1));
  return { gigabytes, growing: random.chance(0.15), curious: random.chance(0.1), short: random.chance(0.08), unpaid: 0, products: 1 };
}

function changeMood(life: Life, { paysByHand }: Lived, random: Random): void {
  life.growing = random.chance(life.growing ? 0.85 : 0.035);
  life.curious = random.chance(life.curious ? 0.85 : 0.03);
  life.short = random.chance(life.short ? 0.8 : paysByHand ? 0.06 : 0.03);
  life.gigabytes *= life.growing ? 1.25 : 0.98;
}

function liveAMonth(
  life: Life,
  { monthlyCharge, paysByHand }: Lived,
  random: Random,
  say: (kind: string, data: MadeEvent['data']) => void,
) {
  say('usage', { gigabytes: rounded(life.gigabytes * (0.8 + 0.4 * random.next())) });
  const fails = random.chance(life.short ? 0.65 : paysByHand ? 0.03 : 0.01);
  life.unpaid = fails ? life.unpaid + 1 : 0;
  say(fails ? 'payment.failed' : 'payment.received', { amount: rounded(monthlyCharge) });
  const pages: readonly (readonly [page: string, chance: number])[] = [
    ['plans', life.growing ? 0.6 : 0.04],
    ['products', life.curious ? 0.75 : 0.04],
    ['invoice', life.short ? 0.4 : 0.15],
  ];
  for (const [page, chance] of pages) if (random.chance(chance)) say('page.viewed', { page });
  if (random.chance(0.05)) say('ticket.opened', { topic: 'fault' });
  if (random.chance(life.short ? 0.15 : 0.03)) say('ticket.opened', { topic: 'bill' });
  if (random.chance(life.curious ? 0.35 : 0.01)) say('ticket.opened', { topic: 'advice' });
}

const products = ['second line', 'television', 'security', 'cloud storage'] as const;

/** What a month leads to. */
function consequences(life: Life, { monthlyCharge }: Lived, random: Random): Omit<MadeEvent, 'daysAgo'>[] {
  const happened: Omit<MadeEvent, 'daysAgo'>[] = [];
  if (!life.short && random.chance(life.growing ? 0.2 : 0.002)) {
    happened.push({ kind: 'plan.upgraded', data: { amount: rounded(5 + 0.1 * monthlyCharge) } });
    life.growing = false;
  }
  if (!life.short && life.products < products.length && random.chance(life.curious ? 0.2 : 0.002)) {
    happened.push({ kind: 'product.added', data: { product: random.pick(products) } });
    life.products += 1;
    life.curious = false;
  }
  if (life.unpaid >= 2 && random.chance(0.45)) {
    happened.push({ kind: 'payment.defaulted', data: { amount: rounded(life.unpaid * monthlyCharge) } });
    life.unpaid = 0;
    life.short = false;
  }
  return happened;
}

const rounded = (amount: number): number => Math.round(amount * 100) / 100;
