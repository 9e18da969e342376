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

/** The kind of address that a channel uses: an e-mail address, or an E.164 phone number. */
export type AddressKind = 'email' | 'phone';

/**
 * One way to reach a customer, with everything that is specific to it. Each is a folder beside this file, and a line in table.ts. Every
 * process and spec loads that table, so slow modules are loaded by `open` and when a template is compiled.
 */
export interface ChannelKind<Own = unknown> extends Named {
  readonly address: AddressKind;
  /** Its name within a sentence, and the noun for one message with its article. */
  readonly words: { readonly called: string; readonly message: string };
  /** The texts about it for customers. */
  readonly texts: CustomerTexts;
  /** How customers call it in their messages, in every language, in lower case: "no more texts". */
  readonly named: readonly string[];
  /** What an opt-out on this channel ends. */
  readonly optOutEnds: readonly Purpose[];
  readonly imports: ImportWords;
  readonly replies: ReplyLimits;
  readonly settings: ChannelSettings<Own>;
  readonly template: AnyTemplatePart;
  readonly preview: ChannelPreview;
  /** Defaults, if the company's files have no entry for it. Without defaults, no process starts until they have one. */
  readonly usual?: UsualLimits;
  /** The gateway that it shares with other channels; missing if it has a provider of its own. */
  readonly gateway?: Gateway;
  /** The provider's id of one of our messages, if it is known before sending. */
  providerId?(messageId: string, replyDomain: string): string;
  /** Makes it ready to send. @param own its settings; called only if they turn the channel on */
  open(own: Own, around: Surroundings): Promise<MessageChannel>;
}

/** A provider of several channels. */
export interface Gateway {
  readonly name: string;
  /** The prefix that it writes before numbers of the channel. */
  readonly prefix: string;
}

/** How an import file names a channel. */
export interface ImportWords {
  /** The name in `contact_points` under which a mapping has its address. */
  readonly field: string;
  /** Whether a consent column with this name is about it. */
  readonly consents: RegExp;
}

/** How a template is shown to its author. */
export interface ChannelPreview {
  /** The schema of the preview, for the API. */
  readonly shown: z.ZodType;
  /** @returns undefined if the template has no text for the channel */
  show(content: unknown): object | undefined;
}

/** Limits for a person's own text. */
export interface ReplyLimits {
  /** The most characters. */
  readonly longest: number;
  /** For how many real milliseconds after the customer's last message it accepts such text. */
  readonly withinMs: number;
}

/** In the form of provider-errors.yaml, sending-limits.yaml and contact-policy.yaml. */
export interface UsualLimits {
  readonly errors: ErrorTable;
  readonly limits: ChannelLimits;
  readonly contactHours: readonly ContactWindow[];
}

/** The parts of the installation that every channel may use. */
export interface Surroundings {
  readonly publicUrl: string;
  readonly companyName: string;
  /** The domain whose mail is delivered to us. */
  readonly replyDomain: string;
  readonly tokens: Tokens;
  readonly clock: Clock;
}
