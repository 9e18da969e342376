import { z } from 'zod';
import { key } from '../written.js';
import { purposes } from '../../customers/purpose.js';
import { channels } from '../../customers/contact-point.entity.js';
import type { OfferSpec } from '../steps/offer.js';
import type { StepSchema } from './step-schema.js';

export const offer: StepSchema<OfferSpec> = {
  description: 'Sends the offer when contact policy lets it; where no channel is left, ends as unreachable',
  example: 'offer: { template: save-offer, channel: preferred }',
  spec: z.strictObject({
    template: key.describe('The message, from config/templates'),
    channel: z
      .enum(['preferred', 'other', ...channels])
      .default('preferred')
      .describe("preferred: the customer's own choice. other: not the channel used last. Or a channel by name"),
    // No default: a step that does not say it is stored as it always was, so that its version compares as unchanged.
    purpose: z
      .enum(purposes)
      .optional()
      .describe('service: about the contract, so that consent to marketing, objection, caps and gaps do not apply. Otherwise marketing'),
  }),
  ways: ['blocked'],
  follows: () => 'next',
  waits: false,
  mentions: ({ template, channel }) => [
    { what: 'template', text: template, path: ['template'], ...(channel !== 'preferred' && channel !== 'other' && { on: channel }) },
  ],
};
