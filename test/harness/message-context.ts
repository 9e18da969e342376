import type { Channel } from '../../libs/channels/table.js';
import type { MessageContext } from '../../libs/channels/contract/message-context.js';
import { newId } from '../../libs/platform/ids.js';
import { shippedTemplates } from './content.js';

/** The context of a message with an offer of 12 EUR, for a customer who never wrote to us. */
export function messageContext(
  channel: Channel,
  address: string,
  overrides: Partial<MessageContext> = {},
  templates = shippedTemplates,
): MessageContext {
  const context: Omit<MessageContext, 'render'> = {
    messageId: newId(),
    channel,
    address,
    template: 'save-offer',
    locale: 'en',
    sendBefore: new Date('2026-03-02T13:00:00Z'),
    lastInboundAt: null,
    reply: null,
    variables: {
      company: { name: 'Example Telecom', address: '1 Example Street' },
      customer: { name: 'Ada', locale: overrides.locale ?? 'en', timeZone: 'Europe/Berlin' },
      offer: { title: '12 EUR off your next bill', expiresAt: new Date('2026-03-16T12:00:00Z'), voucher: 'SAVE-1' },
      message: { purpose: 'marketing' },
      links: { accept: 'https://perennial.test/o/1', unsubscribe: 'https://perennial.test/u/2', preferences: 'https://perennial.test/p/2' },
      tracked: (name) => `https://perennial.test/l/${name}`,
    },
    ...overrides,
  };
  return { ...context, render: (part) => templates.render(part, context.template, context.locale, context.variables) };
}
