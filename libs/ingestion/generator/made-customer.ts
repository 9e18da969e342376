import { createHash } from 'node:crypto';
import { createRandom, type Random } from '../../platform/random.js';
import type { Channel } from '../../channels/table.js';
import { names } from './names.js';
import { numberAt, numberCount, places, type Language, type Place } from './places.js';

/** The made-up data of a customer. */
export interface MadeCustomer {
  readonly name: string;
  readonly locale: Language;
  readonly timeZone: string;
  readonly email: string;
  /** E.164, from a block that is reserved for fiction; null for the few without a telephone. */
  readonly phone: string | null;
  /** Channels on which marketing was consented to. */
  readonly consents: readonly Channel[];
  readonly preferredChannel: Channel | null;
}

const withoutPhone = 0.04;
/** The probability of consent on each channel of made-up customers. */
const consenting = { email: 0.92, sms: 0.75 } as const satisfies Partial<Record<Channel, number>>;
type MadeChannel = keyof typeof consenting;
const preferring = { email: 0.3, sms: 0.2 };

/**
 * Makes up a customer. The same seed and external id give the same one, except for a telephone number that somebody else already
 * has: then it is the next free one of the place, or none if all are taken.
 * @param isFree whether nobody has this number yet
 */
export function makeCustomer(seed: string, externalId: string, isFree: (phone: string) => boolean): MadeCustomer {
  const random = createRandom(`${seed}:${externalId}`);
  const place = random.weighted(places);
  const given = random.pick(names[place.language].given);
  const family = random.pick(names[place.language].family);
  const phone = random.chance(withoutPhone) ? null : freeNumber(place, random.below(numberCount(place)), isFree);
  const channels: readonly MadeChannel[] = phone === null ? ['email'] : ['email', 'sms'];
  return {
    name: `${given} ${family}`,
    locale: place.language,
    timeZone: place.timeZone,
    email: `${asAddressPart(given)}.${asAddressPart(family)}.${asUniquePart(externalId)}@customers.example`,
    phone,
    consents: channels.filter((channel) => random.chance(consenting[channel])),
    preferredChannel: preference(random, channels),
  };
}

function preference(random: Random, channels: readonly MadeChannel[]): Channel | null {
  const choice = random.next();
  if (choice < preferring.email) return 'email';
  return choice < preferring.email + preferring.sms && channels.includes('sms') ? 'sms' : null;
}

function freeNumber(place: Place, start: number, isFree: (phone: string) => boolean): string | null {
  const count = numberCount(place);
  for (let step = 0; step < count; step++) {
    const phone = numberAt(place, (start + step) % count);
    if (isFree(phone)) return phone;
  }
  return null;
}

/** The external id itself if it is valid in an address, otherwise a hash of it: no two customers share an address. */
function asUniquePart(externalId: string): string {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(externalId) && externalId.length <= 24
    ? externalId
    : createHash('sha256').update(externalId).digest('hex').slice(0, 16);
}

const spelled: Readonly<Record<string, string>> = { ß: 'ss', ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe', æ: 'ae' };

/** Plain ASCII letters, digits and hyphens: "Müller" -> mueller, "Léa" -> lea. */
function asAddressPart(text: string): string {
  return text
    .toLowerCase()
    .replace(/[ßäöüåøæ]/g, (letter) => spelled[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
