import { z } from 'zod';
import type { DeliveryOutcome } from '../../../channels/bounces/read-bounce.js';
import { Problem } from '../../../platform/problem.js';
import type { Clues } from '../which-message/inbound-clues.js';
import type { Feedback } from '../reading/complaint-report.js';
import type { IncomingMail } from '../reading/read-mail.js';

/** A webhook call as it came: signatures are over the bytes of its body. */
export interface HookCall {
  readonly body: Buffer;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A mail, and the addresses that its envelope names. */
export interface EnvelopedMail {
  readonly to: readonly string[];
  readonly mail: IncomingMail;
}

/** Something that a provider hands over. */
export type Incoming =
  | { readonly kind: 'mail'; readonly sourceId: string | undefined; readonly enveloped: EnvelopedMail }
  | { readonly kind: 'delivery'; readonly clues: Clues; readonly outcome: DeliveryOutcome }
  | { readonly kind: 'feedback'; readonly sourceId: string; readonly clues: Clues; readonly feedback: Feedback };

export interface HandedOver {
  readonly incoming: readonly Incoming[];
  /** Where the signature does not cover the body: what may be used for one body only. */
  readonly onceOnly?: string;
}

/** What an adapter may ask of the world. */
export interface Outside {
  /** Real milliseconds: providers sign with the time of the world, whatever the campaign's clock says. */
  readonly now: () => number;
  /** Gets a text by HTTPS. @throws if there is none */
  readonly fetchText: (url: string) => Promise<string>;
}

/** Lets in what one provider has signed, and reads it. @throws Problem forbidden for a wrong signature, invalid, too-large */
export type MailAdapter = (call: HookCall) => Promise<HandedOver>;

/** A provider's own id for an event. */
export const eventId = z.string().regex(/^[\x21-\x7e]{1,200}$/);

export const badSignature = (): Problem => new Problem('forbidden', 'Invalid signature');

/** How far ahead a provider's clock may be, in milliseconds. */
const ahead = 5 * 60 * 1000;

/**
 * Refuses what was signed too long ago to be a provider's retry, or in the future.
 * @param signedAt seconds since 1970, as text
 * @param within milliseconds
 */
export function expectFresh(signedAt: string, within: number, now: number): void {
  const age = /^\d{1,12}$/.test(signedAt) ? now - Number(signedAt) * 1000 : NaN;
  if (!(age >= -ahead && age <= within)) throw new Problem('forbidden', 'It was signed too long ago, or in the future');
}
