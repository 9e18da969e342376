import { DateTime } from 'luxon';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import { armOf } from '../../libs/campaigns/arm.js';
import type { Arm } from '../../libs/campaigns/enrolment.entity.js';
import type { Channel } from '../../libs/channels/table.js';
import { companyNumber, type Product } from './product.js';
import { waitFor } from './wait-for.js';
import { zoneWhereItIs } from './zones.js';

/** A customer who can be reached on one channel only and consented to it. */
export interface Person {
  readonly id: string;
  readonly externalId: string;
  readonly address: string;
}

export interface Newcomer {
  readonly channel?: Channel;
  /** Their local hour when they join; late morning by default. */
  readonly localHour?: number;
  /** Somebody in this arm of a campaign. */
  readonly inArm?: { readonly campaign: string; readonly arm: Arm; readonly holdout: number };
}

let count = 0;

/** Adds a customer at a high charge and lets them consent, through the api. */
export async function join(product: Product, plan: string, newcomer: Newcomer = {}): Promise<Person> {
  const { channel = 'email', localHour = 10, inArm } = newcomer;
  const number = String(++count);
  const externalId = `${plan}-${number}`;
  if (inArm !== undefined && armOf(inArm.campaign, externalId, inArm.holdout) !== inArm.arm) return join(product, plan, newcomer);
  const address = channel === 'email' ? `${externalId}@example.test` : `+4915${number.padStart(9, '0')}`;
  const { id } = await product.post<{ id: string }>('/v1/customers', {
    externalId,
    name: `Person ${number}`,
    timeZone: zoneWhereItIs(localHour, product.clock.now()),
    plan,
    monthlyCharge: 9_000,
    currency: 'EUR',
    tenure: 24,
    preferredChannel: channel,
    attributes: { contract: 'month-to-month' },
    contactPoints: [{ channel, address }],
  });
  await product.post(`/v1/customers/${id}/consents`, { channel, granted: true, wordingVersion: '2026-01' });
  return { id, externalId, address };
}

/** Raises everybody who is below the campaigns' threshold above it. */
export async function raiseScores(product: Product, people: readonly Person[]): Promise<void> {
  const scores = people.map(({ id }) => ({ customerId: id, kind: 'churn', value: 0.9 }));
  await product.post('/v1/scores', scores);
}

/** A mail as its reader sees it. */
export interface Letter {
  readonly acceptLink: string;
  /** The one-click address of RFC 8058. */
  readonly unsubscribeLink: string;
}

/** Waits for the nth mail to this person. */
export async function letterTo(product: Product, { address }: Person, nth = 1): Promise<Letter> {
  const mail = await waitFor(() => product.sink.mailsTo(address)[nth - 1], 20_000);
  const { text = '' } = await PostalMime.parse(mail.raw);
  return {
    acceptLink: found(text, new RegExp(`${product.url}/o/\\S+`)),
    unsubscribeLink: found(mail.headers['list-unsubscribe']?.join() ?? '', new RegExp(`${product.url}/u/[^>]+`)),
  };
}

/** Waits for the first text to this person, and sends one back as a phone does. @returns the status that the webhook answered */
export async function textBack(product: Product, { address }: Person, body: string): Promise<number> {
  await waitFor(() => product.twilio.textsTo(address).length > 0, 20_000);
  const { status } = await product.twilio.receive({ from: address, to: companyNumber, body });
  return status;
}

/** Waits for the first mail to this person, and answers it as a mail program does. */
export async function mailBack(product: Product, { address }: Person, text: string, writer = address): Promise<void> {
  const mail = await waitFor(() => product.sink.mailsTo(address)[0], 20_000);
  const { replyTo, messageId, subject } = await PostalMime.parse(mail.raw);
  const transport = createTransport({ host: '127.0.0.1', port: product.inboundPort, ignoreTLS: true });
  await transport.sendMail({
    from: { name: writer, address },
    to: replyTo?.[0]?.address,
    subject: `Re: ${subject ?? ''}`,
    inReplyTo: messageId,
    text,
  });
  transport.close();
}

/** The ledger ids of the arrived messages, once for each arrival. */
export function arrivals({ sink, twilio }: Product): string[] {
  const mails = sink.mails().map((mail) => mail.headers['message-id']?.[0] ?? '');
  const texts = twilio.texts().filter(({ direction }) => direction === 'outbound-api');
  return [...mails, ...texts.map(({ statusCallback }) => statusCallback ?? '')].map((text) =>
    found(text, /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/),
  );
}

/** A person's local hour. */
export function localHourOf(instant: string, zone: string): number {
  return DateTime.fromISO(instant, { zone }).hour;
}

function found(text: string, pattern: RegExp): string {
  const [match] = pattern.exec(text) ?? [];
  if (match === undefined) throw new Error(`Nothing like ${String(pattern)} stands in: ${text.slice(0, 400)}`);
  return match;
}
