import { z } from 'zod';
import { key } from '../../campaigns/written.js';
import { channels } from '../../customers/contact-point.entity.js';
import type { OfferSpec } from '../steps/offer.js';
import type { StepSchema } from './step-schema.js';

export const offer: StepSchema<OfferSpec> = {
  description: 'Sends the offer when contact policy lets it; where no channel is left, ends as unreachable',
  spec: z.strictObject({
    template: key.describe('The message, from config/templates'),
    channel: z
      .enum(['preferred', 'other', ...channels])
      .default('preferred')
      .describe("preferred: the customer's own choice. other: not the channel used last. Or a channel by name"),
  }),
  ways: ['blocked'],
  follows: () => 'next',
  waits: false,
  mentions: ({ template }) => [{ what: 'template', text: template, path: ['template'] }],
};
