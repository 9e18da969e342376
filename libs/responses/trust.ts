import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../channels/table.js';
import { latestConsent } from '../customers/latest-consent.js';
import { answers, namesWith } from '../journeys/answers/table.js';
import { queryOne } from '../persistence/sql.js';
import type { Classification } from './classify.js';
import type { Respondent } from './find-respondent.js';
import { lineOf, onSameLines, pointsOf } from './same-line.js';

/** Answers that settle an offer, so that money depends on who gave them. */
const settles = ({ answer }: Classification): boolean => ['accept', 'decline'].includes(answers.get(answer).offer ?? '');
const accepts = ({ answer }: Classification): boolean => answers.get(answer).offer === 'accept';

/** The known origin of an answer in words. */
export interface Origin {
  readonly channel: Channel;
  /** The stated sender of a mail; undefined if the endpoint has verified the sender. */
  readonly from: readonly string[] | undefined;
}

/**
 * How an answer in words counts, given its sender: anybody to whom our mail was forwarded has the reply address, so a yes or no from an
 * address that is not the customer's goes to a person. The same holds for a yes after an unrevoked STOP or complaint from the address, or
 * from the same line on another channel, and for a yes to an offer that an opt-out withdrew. Opt-outs count from anybody.
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

/** Whether all these e-mail addresses are the customer's, in any spelling. */
async function isOfCustomer(tx: EntityManager, customerId: string, from: readonly string[]): Promise<boolean> {
  const own = (await pointsOf(tx, customerId)).filter(({ channel }) => channel === 'email').map(lineOf);
  return from.length > 0 && from.every((address) => own.includes(lineOf({ channel: 'email', address })));
}

/** Whether an earlier answer that releases offers, such as an opt-out, withdrew the offer that this one answers, on any channel. */
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

/** Whether there is an opt-out for this address, or for the same line on another channel, that was not revoked. */
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
