import type { z } from 'zod';
import type { MailThread } from './mail-thread.js';
import type { TemplatePart } from './template-part.js';
import type { TemplateVariables } from './template-variables.js';

/** All that a channel needs to compose one message. Holds personal data: never logged. */
export interface MessageContext {
  readonly messageId: string;
  readonly channel: string;
  /** Where it goes. */
  readonly address: string;
  readonly template: string;
  readonly locale: string;
  readonly variables: TemplateVariables;
  /** Writes it from its template, as that was published for its campaign. @throws CannotCompose */
  render<Fields extends z.ZodRawShape, Content>(part: TemplatePart<Fields, Content>): Content;
  readonly sendBefore: Date;
  /** When the customer last wrote to us on this channel; null if they never did. A click is no writing. */
  readonly lastInboundAt: Date | null;
  /** What a person at the desk wrote, instead of a template; null for a message of a campaign. */
  readonly reply: ReplyContext | null;
}

/** A person's answer to one answer of a customer's. */
export interface ReplyContext {
  /** Never rendered as a template. */
  readonly text: string;
  /** Of an answer by mail. */
  readonly thread: MailThread | null;
  /** Our message that the customer had answered; null if there was none. */
  readonly answered: string | null;
}
