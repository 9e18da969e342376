import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../channels/table.js';
import { latestConsent } from '../customers/latest-consent.js';
import { answers, namesWith } from '../journeys/answers/table.js';
import { queryOne } from '../persistence/sql.js';
import type { Classification } from './classify.js';
import type { Respondent } from './find-respondent.js';
import { lineOf, onSameLines, pointsOf } from './same-line.js';

/** Answers that settle an offer, so that money hangs on who gave them. */
const settles = ({ answer }: Classification): boolean => ['accept', 'decline'].includes(answers.get(answer).offer ?? '');
const accepts = ({ answer }: Classification): boolean => answers.get(answer).offer === 'accept';

/** What is known of where an answer in words came from. */
export interface Origin {
  readonly channel: Channel;
  /** Who a mail says it is from; undefined if the endpoint has checked who writes. */
  readonly from: readonly string[] | undefined;
}

/**
 * What an answer in words counts for, given who gave it: anybody to whom the mail was forwarded has the reply address, so a
 * yes or no from an address that is not the customer's goes to a person; so does a yes from an address, or from the same line
 * on another channel, that has said STOP or complained and has not taken that back, and a yes to an offer that an opt-out withdrew. Opt-outs count from anybody.
 */
export async function weigh(
  tx: EntityManager,
  said: Classification,
  respondent: Respondent | undefined,
  origin: Origin,
): Promise<Classification> {
  if (respondent === undefined || !settles(said)) return said;
  if (origin.from !== undefined && !(await isOfCustomer(tx, respondent.customerId, origin.from))) {
    return { answer: 'unclear', because: `${said.answer}, but from another address: ${said.because}` };
  }
  if (accepts(said) && (await hasLeftJourney(tx, respondent))) {
    return { answer: 'unclear', because: `${said.answer}, but after an opt-out: ${said.because}` };
  }
  if (accepts(said) && respondent.addressHash !== null && (await hasEnded(tx, respondent, respondent.addressHash, origin.channel))) {
    return { answer: 'unclear', because: `${said.answer}, but after an opt-out: ${said.because}` };
  }
  return said;
}

/** Are all these e-mail addresses the customer's, however they are spelled? */
async function isOfCustomer(tx: EntityManager, customerId: string, from: readonly string[]): Promise<boolean> {
  const own = (await pointsOf(tx, customerId)).filter(({ channel }) => channel === 'email').map(lineOf);
  return from.length > 0 && from.every((address) => own.includes(lineOf({ channel: 'email', address })));
}

/** Did an answer that releases offers, as an opt-out does, by whatever channel, withdraw the one that this answers? */
async function hasLeftJourney(tx: EntityManager, { offerId }: Respondent): Promise<boolean> {
  const row = await queryOne<{ left: boolean }>(
    tx,
    `select exists (
       select from offer o join response r on r.enrolment_id = o.enrolment_id
       where o.id = $1 and o.state = 'withdrawn' and r.answer = any($2::text[])
     ) as left`,
    [offerId, namesWith(({ offer }) => offer === 'release')],
  );
  return row?.left === true;
}

/** Was an opt-out given for this address, or for the same line on another channel, and not taken back? */
async function hasEnded(tx: EntityManager, { customerId }: Respondent, addressHash: string, channel: Channel): Promise<boolean> {
  const own = { channel, addressHash };
  const lines = [own, ...onSameLines(await pointsOf(tx, customerId), [own])];
  const row = await queryOne<{ ended: boolean }>(
    tx,
    `select exists (
       select from unnest($2::text[], $3::text[]) as line (channel, address_hash)
       where exists (select from suppression s where s.channel = line.channel and s.address_hash = line.address_hash)
         or not ${latestConsent('granted', { customer: '$1', channel: 'line.channel', purpose: `'marketing'`, hash: 'line.address_hash' })}
     ) as ended`,
    [customerId, lines.map((line) => line.channel), lines.map((line) => line.addressHash)],
  );
  return row?.ended === true;
}
