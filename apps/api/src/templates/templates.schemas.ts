import { z } from 'zod';
import { purposes } from '../../../../libs/channels/purpose.js';
import { channelKinds } from '../../../../libs/channels/table.js';
import { id, pageSchema } from '../http/list-query.js';

export const templatePage = pageSchema(
  z.object({
    template: z.string(),
    subject: z.string().describe('the subject of its e-mail, for a sample customer in the company’s own language'),
    locales: z.array(z.string()),
    channels: z.array(channelKinds.name),
    links: z.array(z.string()).describe('names of the tracked links'),
  }),
);

export const templatePageExample = {
  items: [
    {
      template: 'save-offer',
      subject: 'Something for you: 12 EUR off your next bill',
      locales: ['de', 'en'],
      channels: ['email', 'sms'],
      links: [],
    },
  ],
  next: null,
};

export const previewQuery = z.strictObject({
  channel: channelKinds.name.default('email'),
  customer: id.optional().describe('the customer whose data and latest offer are used; sample values if it is missing'),
  locale: z
    .string()
    .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, 'is not a BCP 47 tag')
    .optional()
    .describe('another locale than the customer’s'),
  purpose: z.enum(purposes).default('marketing').describe('the purpose of the message, which the footer explains'),
});
export type PreviewQuery = z.infer<typeof previewQuery>;

export const previewOut = z.object({
  template: z.string(),
  channel: channelKinds.name,
  locale: z.object({
    asked: z.string(),
    used: z.string(),
    because: z
      .enum(['exact', 'language', 'company', 'english'])
      .describe('why this file: the locale itself, its language, the company’s own, English'),
  }),
  customer: z.object({ id, externalId: z.string(), name: z.string().nullable() }).nullable(),
  samples: z.array(z.enum(['customer', 'offer'])).describe('whose values are samples'),
  ...Object.fromEntries(channelKinds.entries.map(([channel, { preview }]) => [channel, preview.shown.nullable()])),
});

export const previewExample = {
  template: 'save-offer',
  channel: 'sms',
  locale: { asked: 'de-AT', used: 'de', because: 'language' },
  customer: { id: '01995a3e-7c00-7000-8000-000000000001', externalId: '7590-VHVEG', name: 'Ada Berg' },
  samples: ['offer'],
  email: null,
  sms: { text: 'Example Telecom: … STOP', encoding: 'gsm-7', units: 148, segments: 1 },
  whatsapp: null,
};
