/** The latest offer of an enrolment: an SQL expression of one column, or a `from` item after `lateral`. @param enrolment an SQL expression of its id */
export const latestOffer = (columns: string, enrolment: string): string =>
  `(select ${columns} from offer l where l.enrolment_id = ${enrolment} order by l.issued_at desc, l.id desc limit 1)`;

/** It has expired, even if this is not recorded yet. @param now an SQL expression */
export const isPast = (offer: string, now: string): string => `(${offer}.expires_at <= ${now})`;

/** It can still be accepted. */
export const isOpenAt = (offer: string, now: string): string => `(${offer}.state = 'open' and not ${isPast(offer, now)})`;

/** What an open offer becomes when something ends it: one whose time is over has expired, whoever ends it. @param state an SQL expression */
export const endedAs = (offer: string, state: string, now: string): string =>
  `case when ${isPast(offer, now)} then 'expired' else ${state} end`;

/** The state of an offer: `expired` as soon as its time is over. */
export const offerStateAt = (offer: string, now: string): string =>
  `case when ${offer}.state = 'open' and ${isPast(offer, now)} then 'expired' else ${offer}.state end`;
