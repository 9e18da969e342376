import type { EntityManager } from '@mikro-orm/postgresql';
import type { ContactWindow } from '../channels/contact-window.js';
import { endTimeToSend } from '../messaging/ledger/ledger.js';
import { writeChanges } from '../outbox/write-events.js';
import { retriedTransaction } from '../persistence/retried.js';
import { query, queryOne } from '../persistence/sql.js';
import { regionZone } from '../platform/time-zones.js';
import { notFound } from '../platform/problem.js';
import { liftOptOuts, optOut } from '../consent/opt-out.js';
import { unseenWording, writeConsent, type ConsentWord } from '../consent/write-consent.js';
import { lockAllLiving } from '../customers/living.js';
import { saveContactChoices } from '../customers/write-customers.js';
import { receiveResponse } from '../responses/receive.js';
import { purposes, type Purpose } from '../channels/purpose.js';
import type { Channel } from '../channels/table.js';
import {
  changesOf,
  consentsOf,
  hoursChoiceOf,
  isStopped,
  windowsOf,
  withLanguage,
  type AddressState,
  type Choices,
  type ConsentChoice,
  type PreferenceChanges,
  type ShownPreferences,
  type WishedPreferences,
} from './preferences.js';
import { suppressedPurposes, optOutEnds } from '../customers/may-write.js';

/** The customer who got a message, and what they may choose. */
export interface PreferenceCentre {
  readonly customerId: string;
  readonly locale: string;
  /** They objected to marketing altogether (GDPR article 21). */
  readonly objected: boolean;
  /** In the order in which channels are named everywhere. */
  readonly addresses: readonly AddressState[];
  readonly shown: ShownPreferences;
}

/** The choices that the installation offers. */
export interface CentreOptions {
  /** The language of the page for a locale. */
  readonly languageOf: (locale: string) => string;
  /** The channels about which the customer can choose something. */
  readonly channels: readonly Channel[];
}

interface Loaded {
  readonly customer: CustomerRow;
  /** All addresses, also on channels that are not offered. */
  readonly addresses: readonly AddressState[];
  readonly centre: PreferenceCentre;
}

interface CustomerRow {
  readonly customerId: string;
  readonly enrolmentId: string;
  readonly channel: Channel;
  readonly locale: string;
  readonly timeZone: string | null;
  readonly preferredChannel: string | null;
  readonly preferredHours: ContactWindow[] | null;
  readonly objected: boolean;
}

/** A zone that was stored before zones were checked may not be a place: then none is known. */
const placeOf = (zone: string | null): string | null => (zone === null ? null : (regionZone(zone) ?? null));

/** @returns undefined if there is no such message (any more) */
export async function loadPreferences(em: EntityManager, messageId: string, options: CentreOptions): Promise<PreferenceCentre | undefined> {
  return (await load(em, messageId, options))?.centre;
}

/**
 * Saves the customer's choices on a form, in one transaction: it writes consent events for their changes, withdraws planned messages of a
 * channel that they switched off and notifies their journeys, lifts an opt-out of the address after a grant (but nothing stronger), and
 * saves their settings. The contact rows are locked first, as when messages are planned.
 * @param seen what the form showed
 * @param wordingVersion of the form's texts
 * @throws Problem not-found
 */
export async function savePreferences(
  em: EntityManager,
  messageId: string,
  {
    seen,
    wished,
    wordingVersion,
  }: { readonly seen: ShownPreferences; readonly wished: WishedPreferences; readonly wordingVersion: string },
  options: CentreOptions,
  now: Date,
): Promise<PreferenceChanges> {
  return retriedTransaction(em, 5, async (tx) => {
    const { customer, addresses, centre } = await lockAndLoad(tx, messageId, options);
    const changes = changesOf(seen, wished, centre.shown);
    const consents = [...changes.consents, ...notTicked(changes.consents, centre.addresses)];
    await writeConsent(tx, wordsOf(customer.customerId, consents, addresses, wordingVersion), { now });
    const lifted = consents.filter((choice) => lifts(choice, 'opt-out')).map(({ channel }) => channel);
    await liftOptOuts(
      tx,
      addresses.filter(({ channel }) => lifted.includes(channel)),
    );
    await writeChoices(tx, customer, changes.choices, now);
    return changes;
  });
}

/**
 * Stops everything at all the customer's addresses: an opt-out for each, and if that still allows messages about the contract, as by
 * e-mail, consent for these is withdrawn too; planned messages are withdrawn. The journey of the message with the link gets the opt-out.
 * Repeating it changes nothing.
 * @throws Problem not-found
 */
export async function stopAll(em: EntityManager, messageId: string, options: CentreOptions, now: Date): Promise<void> {
  await retriedTransaction(em, 5, async (tx) => {
    const { customer, addresses } = await lockAndLoad(tx, messageId, options);
    const going = addresses.filter((address) => !isStopped(address));
    for (const { channel, addressHash, suppression, latest } of going) {
      if (channel !== customer.channel) {
        await optOut(tx, [{ channel, addressHash }], { source: 'preferences', answered: customer.enrolmentId }, now);
        continue;
      }
      await receiveResponse(
        tx,
        {
          source: 'preferences',
          sourceId: `${messageId}:${suppression ?? ''}/${latest.marketing?.id ?? 'never granted'}`,
          channel,
          by: { messageId },
          said: () => ({ answer: 'opt-out', because: 'stop all, in the preference centre' }),
          text: null,
        },
        now,
      );
    }
    const left = going.flatMap(({ channel }) =>
      purposesBesides(optOutEnds(channel)).map((purpose) => ({ channel, purpose, granted: false })),
    );
    await writeConsent(tx, wordsOf(customer.customerId, left, addresses, unseenWording), { answered: customer.enrolmentId, now });
  });
}

const purposesBesides = (ended: readonly Purpose[]): readonly Purpose[] => purposes.filter((purpose) => !ended.includes(purpose));

/** Locks the customer, and then all contact points with one of their addresses, in the same order as planning and opt-outs. */
async function lockAndLoad(tx: EntityManager, messageId: string, options: CentreOptions): Promise<Loaded> {
  const of = await queryOne<{ customerId: string }>(tx, 'select customer_id as "customerId" from message where id = $1', [messageId]);
  if (of === undefined) throw notFound('message', messageId);
  await lockAllLiving(tx, [of.customerId]);
  await query(
    tx,
    `select p.id from message m join contact_point own on own.customer_id = m.customer_id
     join contact_point p on p.address_hash = own.address_hash and p.channel = own.channel
     where m.id = $1 order by p.id for update of p`,
    [messageId],
  );
  const loaded = await load(tx, messageId, options);
  if (loaded === undefined) throw notFound('message', messageId);
  return loaded;
}

async function load(em: EntityManager, messageId: string, options: CentreOptions): Promise<Loaded | undefined> {
  const customer = await queryOne<CustomerRow>(
    em,
    `select c.id as "customerId", m.enrolment_id as "enrolmentId", m.channel, c.locale, c.time_zone as "timeZone",
            c.preferred_channel as "preferredChannel", c.preferred_hours as "preferredHours", c.objected_at is not null as objected
     from message m join customer c on c.id = m.customer_id where m.id = $1`,
    [messageId],
  );
  if (customer === undefined) return undefined;
  const { customerId, locale, objected, preferredChannel, timeZone, preferredHours } = customer;
  const addresses = await query<AddressState>(
    em,
    `select p.channel, p.address, p.address_hash as "addressHash", p.dead_at is not null as dead, s.reason as suppression,
            coalesce((
              select jsonb_object_agg(e.purpose, jsonb_build_object('granted', e.granted, 'id', e.id))
              from (select distinct on (purpose) purpose, granted, id from consent_event
                    where customer_id = p.customer_id and channel = p.channel and address_hash = p.address_hash
                    order by purpose, at desc, id desc) e), '{}') as latest
     from contact_point p left join suppression s on s.channel = p.channel and s.address_hash = p.address_hash
     where p.customer_id = $1 order by p.channel`,
    [customerId],
  );
  const choices: Choices = {
    preferredChannel,
    language: options.languageOf(locale),
    timeZone: placeOf(timeZone),
    hours: hoursChoiceOf(preferredHours),
  };
  const offered = addresses.filter(({ channel }) => options.channels.includes(channel));
  const centre = { customerId, locale, objected, addresses: offered, shown: { consents: consentsOf(offered, objected), choices } };
  return { customer, addresses, centre };
}

/**
 * If a tick lifts the opt-out of an address, an older grant for another purpose that it blocked must not become valid again: consent for
 * purposes without a tick is withdrawn explicitly.
 */
function notTicked(ticked: readonly ConsentChoice[], addresses: readonly AddressState[]): ConsentChoice[] {
  return addresses
    .filter(({ channel, suppression }) => ticked.some((choice) => choice.channel === channel && lifts(choice, suppression)))
    .flatMap(({ channel, suppression, latest }) =>
      suppressedPurposes(channel, suppression)
        .filter((purpose) => latest[purpose]?.granted ?? purpose === 'service')
        .filter((purpose) => !ticked.some((choice) => choice.channel === channel && choice.purpose === purpose))
        .map((purpose) => ({ channel, purpose, granted: false })),
    );
}

/** True if consent is granted for a purpose that the suppression blocks: for others nothing needs to be lifted. */
function lifts({ channel, purpose, granted }: ConsentChoice, suppression: string | null): boolean {
  return granted && suppressedPurposes(channel, suppression).includes(purpose);
}

function wordsOf(
  customerId: string,
  consents: readonly ConsentChoice[],
  addresses: readonly AddressState[],
  wordingVersion: string,
): ConsentWord[] {
  return consents.flatMap((choice) =>
    addresses
      .filter(({ channel }) => channel === choice.channel)
      .map(({ addressHash }) => ({ ...choice, customerId, addressHash, source: 'preferences', wordingVersion, actor: 'customer' })),
  );
}

/**
 * Planned messages were checked with the old hours. If these change, their time ends: the ledger's sweep marks them as late, and their
 * journeys plan them again.
 */
async function writeChoices(tx: EntityManager, customer: CustomerRow, choices: Partial<Choices>, now: Date): Promise<void> {
  if (Object.keys(choices).length === 0) return;
  const windows = choices.hours === undefined ? undefined : windowsOf(choices.hours);
  await saveContactChoices(
    tx,
    customer.customerId,
    {
      preferredChannel: choices.preferredChannel === undefined ? customer.preferredChannel : choices.preferredChannel,
      locale: choices.language === undefined ? customer.locale : withLanguage(customer.locale, choices.language),
      timeZone: choices.timeZone === undefined ? customer.timeZone : choices.timeZone,
      preferredHours: windows === undefined ? customer.preferredHours : windows,
    },
    now,
  );
  const fields = [
    ...(choices.language === undefined ? [] : ['customer.locale']),
    ...(choices.timeZone === undefined ? [] : ['customer.time_zone']),
  ];
  await writeChanges(tx, [{ customerId: customer.customerId, fields }], now);
  if (choices.timeZone === undefined && windows === undefined) return;
  await endTimeToSend(tx, customer.customerId, now);
}
