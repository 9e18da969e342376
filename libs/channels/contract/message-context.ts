import type { z } from 'zod';
import type { MailThread } from './mail-thread.js';
import type { TemplatePart } from './template-part.js';
import type { TemplateVariables } from './template-variables.js';

/** Everything that a channel needs to compose one message. Contains personal data: never logged. */
export interface MessageContext {
  readonly messageId: string;
  readonly channel: string;
  /** The address that it is sent to. */
  readonly address: string;
  readonly template: string;
  readonly locale: string;
  readonly variables: TemplateVariables;
  /** Renders it from its template, in the version that was published for its campaign. @throws CannotCompose */
  render<Fields extends z.ZodRawShape, Content>(part: TemplatePart<Fields, Content>): Content;
  readonly sendBefore: Date;
  /** When the customer last wrote to us on this channel; null if they never did. A click does not count. */
  readonly lastInboundAt: Date | null;
  /** The text of a person at the desk, instead of a template; null for a message of a campaign. */
  readonly reply: ReplyContext | null;
}

/** A person's reply to one answer of a customer. */
export interface ReplyContext {
  /** Never rendered as a template. */
  readonly text: string;
  /** The thread, if the customer answered by mail. */
  readonly thread: MailThread | null;
  /** Our message that the customer answered; null if there was none. */
  readonly answered: string | null;
}
