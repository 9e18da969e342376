import type { z } from 'zod';
import type { Clock } from '../platform/clock.js';
import type { Named } from '../platform/kinds.js';
import type { Tokens } from '../platform/tokens.js';
import type { ChannelSettings } from './channel-settings.js';
import type { ContactWindow } from './contact-window.js';
import type { MessageChannel } from './contract/channel.js';
import type { ChannelLimits } from './contract/channel-limits.js';
import type { ErrorTable } from './contract/provider-errors.js';
import type { AnyTemplatePart } from './contract/template-part.js';
import type { CustomerTexts } from './customer-texts.js';
import type { Purpose } from './purpose.js';

/** What kind of address a channel writes to: an e-mail address, or an E.164 phone number. */
export type AddressKind = 'email' | 'phone';

/**
 * One way to reach a customer, and all that is particular to it. Each is a folder beside this file, and a line in table.ts.
 * Every process and spec loads that table: what is slow to load is loaded by `open`, and by the compiling of a template.
 */
export interface ChannelKind<Own = unknown> extends Named {
  readonly address: AddressKind;
  /** What it is called within a sentence, and one message of it with its article. */
  readonly words: { readonly called: string; readonly message: string };
  /** What customers read of it. */
  readonly texts: CustomerTexts;
  /** How customers name it in what they write, in every language, in small letters: "no more texts". */
  readonly named: readonly string[];
  /** What an opt-out by it ends. */
  readonly optOutEnds: readonly Purpose[];
  readonly imports: ImportWords;
  readonly replies: ReplyLimits;
  readonly settings: ChannelSettings<Own>;
  readonly template: AnyTemplatePart;
  readonly preview: ChannelPreview;
  /** What holds where the company's files say nothing of it. Left out: no process starts until they do. */
  readonly usual?: UsualLimits;
  /** The gateway that carries it beside other channels; left out where it has a provider of its own. */
  readonly gateway?: Gateway;
  /** The provider's id of a message of ours, where that is known before it is sent. */
  providerId?(messageId: string, replyDomain: string): string;
  /** Makes it ready to send. @param own what its settings are; it is asked only where they turn it on */
  open(own: Own, around: Surroundings): Promise<MessageChannel>;
}

/** A provider of several channels. */
export interface Gateway {
  readonly name: string;
  /** What it writes before a number of the channel. */
  readonly prefix: string;
}

/** How a file of customers speaks of a channel. */
export interface ImportWords {
  /** Under which name of `contact_points` a mapping has its address. */
  readonly field: string;
  /** Whether a column of consents by this name is about it. */
  readonly consents: RegExp;
}

/** How a template is shown to whoever writes it. */
export interface ChannelPreview {
  /** What is shown, as the API describes it. */
  readonly shown: z.ZodType;
  /** @returns undefined where the template says nothing on the channel */
  show(content: unknown): object | undefined;
}

/** What holds for a person's own words. */
export interface ReplyLimits {
  /** Characters that one may have. */
  readonly longest: number;
  /** Real milliseconds after the customer's last message in which it takes them. */
  readonly withinMs: number;
}

/** As provider-errors.yaml, sending-limits.yaml and contact-policy.yaml have it. */
export interface UsualLimits {
  readonly errors: ErrorTable;
  readonly limits: ChannelLimits;
  readonly contactHours: readonly ContactWindow[];
}

/** What every channel may use of the installation that it is part of. */
export interface Surroundings {
  readonly publicUrl: string;
  readonly companyName: string;
  /** The domain whose mail comes back to us. */
  readonly replyDomain: string;
  readonly tokens: Tokens;
  readonly clock: Clock;
}
