/** The subject of a consent, as SQL expressions; every address of the channel if there is no hash. */
export interface ConsentSubject {
  readonly customer: string;
  readonly channel: string;
  readonly purpose: string;
  readonly hash?: string;
}

const eventsOf = ({ customer, channel, purpose, hash }: ConsentSubject): string =>
  `v.customer_id = ${customer} and v.channel = ${channel} and v.purpose = ${purpose}${hash === undefined ? '' : ` and v.address_hash = ${hash}`}`;

/**
 * The latest consent event: the latest instant decides, then the order of recording. An SQL expression of one column (or of several, as a
 * `from` item after `lateral`); null, or no row, if there is none.
 * @param columns of `consent_event`
 */
export const latestConsent = (columns: string, subject: ConsentSubject): string =>
  `(select ${columns} from consent_event v where ${eventsOf(subject)} order by v.at desc, v.id desc limit 1)`;

/**
 * The instant at which a consent event counts, as SQL: when it was given, and never later than now. If an earlier recorded event for the
 * same address, channel and purpose is dated in the future, the new event gets that date, so that it counts as the latest: see
 * latestConsent.
 * @param at when it was given; now if it is null
 */
export const saidAt = (at: string, now: string, subject: Required<ConsentSubject>): string =>
  `greatest(least(${at}::timestamptz, ${now}::timestamptz),
    (select max(v.at) from consent_event v where ${eventsOf(subject)} and v.at > ${now}::timestamptz))`;
