import { z } from 'zod';
import { key } from '../../campaigns/written.js';
import type { OfferSpec } from '../steps/offer.js';
import type { StepSchema } from './step-schema.js';

export const offer: StepSchema<OfferSpec> = {
  description: 'Sends the offer when contact policy lets it; where no channel is left, ends as unreachable',
  spec: z.strictObject({
    template: key.describe('The message, from config/templates'),
    channel: z
      .enum(['preferred', 'other', 'email', 'sms'])
      .default('preferred')
      .describe("preferred: the customer's own choice. other: not the channel used last"),
  }),
  ways: ['blocked'],
  follows: () => 'next',
  waits: false,
  mentions: ({ template }) => [{ what: 'template', text: template, path: ['template'] }],
};
