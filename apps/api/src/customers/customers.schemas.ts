import { z } from 'zod';
import { purposes } from '../../../../libs/channels/purpose.js';
import { channelKinds, channels } from '../../../../libs/channels/table.js';
import { contactRestrictions } from '../../../../libs/customers/may-write.js';
import { customerStatuses } from '../../../../libs/customers/customer.entity.js';
import { attributeName, attributeValue, lineOfText, mostAttributes, mostMonths } from '../../../../libs/platform/bounds.js';
import { isCurrency, notACurrency } from '../../../../libs/platform/currencies.js';
import { isLocale, notALocale } from '../../../../libs/platform/locales.js';
import { mostMinor } from '../../../../libs/platform/money.js';
import { messageStates } from '../../../../libs/messaging/ledger/message.entity.js';
import { offerOut } from './customer-contacts.schemas.js';
import { externalId, id, instant, instantOut, paging, pageSchema, timeZone } from '../http/list-query.js';

const text = lineOfText();

export const customerQuery = z.strictObject({
  ...paging,
  status: z.enum(customerStatuses).optional(),
  segment: id.optional().describe('only customers who are in this segment now'),
  search: text
    .optional()
    .describe(
      'the beginning of the external id, or of words of the name; or a whole e-mail address or telephone number, however it is written',
    ),
});
export type CustomerQuery = z.infer<typeof customerQuery>;

const attributes = z
  .record(attributeName, attributeValue)
  .refine((given) => Object.keys(given).length <= mostAttributes, `has more than ${mostAttributes} attributes`);

const consentInput = z.object({
  channel: channelKinds.name,
  purpose: z.enum(purposes).default('marketing'),
  granted: z.boolean(),
  wordingVersion: text.describe('the wording that the customer saw'),
  source: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be at most 63 small letters, digits and hyphens, a letter first')
    .default('api')
    .describe('where it was given or withdrawn'),
  at: instant.optional().describe('when, not in the future; now if it is missing'),
});
export type ConsentInput = z.infer<typeof consentInput>;
export const consentBody = consentInput;

export const customerBody = z
  .object({
    externalId,
    name: text.nullable().default(null),
    locale: z.string().refine(isLocale, notALocale).optional().describe('the company’s own if it is missing'),
    timeZone: timeZone.nullable().default(null),
    plan: text.nullable().default(null),
    monthlyCharge: z.int().min(0).max(mostMinor).nullable().default(null).describe('minor units of the currency, as ISO 4217 has them'),
    currency: z.string().refine(isCurrency, notACurrency).nullable().default(null),
    tenure: z.int().min(0).max(mostMonths).nullable().default(null).describe('whole months'),
    preferredChannel: channelKinds.name.nullable().default(null),
    attributes: attributes.default({}),
    contactPoints: z
      .array(z.object({ channel: channelKinds.name, address: z.string().min(3).max(320) }))
      .max(channels.length)
      .refine((points) => new Set(points.map((point) => point.channel)).size === points.length, 'has a channel twice')
      .default([]),
    consents: z.array(consentInput).max(20).default([]),
  })
  .refine(({ monthlyCharge, currency }) => monthlyCharge === null || currency !== null, {
    path: ['currency'],
    message: 'is needed with a monthlyCharge',
  });
export type CustomerBody = z.infer<typeof customerBody>;

/** A missing field does not change; null empties it. */
export const customerPatch = z
  .strictObject({
    name: text.nullable(),
    locale: z.string().refine(isLocale, notALocale),
    timeZone: timeZone.nullable(),
    status: z
      .enum(customerStatuses)
      .describe('recorded as a contract event of now: `churned` as contract.ended, `renewed` as contract.renewed'),
    plan: text.nullable(),
    monthlyCharge: z.int().min(0).max(mostMinor).nullable().describe('minor units of the currency, as ISO 4217 has them'),
    currency: z.string().refine(isCurrency, notACurrency).nullable(),
    tenure: z.int().min(0).max(mostMonths).nullable().describe('whole months'),
    attributes: z
      .record(attributeName, attributeValue)
      .describe(
        `only changed attributes, as attributes.yaml declares them; null removes one; a customer can have at most ${mostAttributes}`,
      ),
  })
  .partial();
export type CustomerPatchBody = z.infer<typeof customerPatch>;

const customerOut = z.object({
  id,
  externalId: z.string(),
  name: z.string().nullable(),
  locale: z.string(),
  timeZone: z.string().nullable(),
  status: z.enum(customerStatuses),
  plan: z.string().nullable(),
  monthlyCharge: z.int().nullable().describe('minor units of the currency'),
  currency: z.string().nullable(),
  tenure: z.int().nullable(),
  preferredChannel: z.string().nullable(),
  attributes,
  made: z.array(z.string()).describe('fields that a generator made up'),
  objectedAt: instantOut.nullable(),
  churnedAt: instantOut.nullable().describe('when the contract ended, or will end after notice'),
  createdAt: instantOut,
  updatedAt: instantOut,
});
export const customerPage = pageSchema(
  customerOut.extend({
    scores: z.record(z.string(), z.number()).describe('the latest of each kind'),
    underway: z.int().describe('journeys that run for them'),
    reachable: z.array(channelKinds.name).describe('channels with an address that marketing may be sent to'),
  }),
);

const consentOut = z.object({
  id,
  channel: channelKinds.name,
  purpose: z.enum(purposes),
  granted: z.boolean(),
  source: z.string(),
  wordingVersion: z.string(),
  at: instantOut,
  actor: z.string(),
});

const restrictionsOut = z.array(z.enum(contactRestrictions));

export const customerDetail = customerOut.extend({
  titles: z
    .record(z.string(), z.string())
    .describe('what its attributes, and the features of its scores, are about; of those that are declared'),
  contactPoints: z.array(
    z.object({
      id,
      channel: channelKinds.name,
      address: z.string(),
      deadAt: instantOut.nullable(),
      suppressed: z
        .string()
        .nullable()
        .describe('why this address is suppressed: an opt-out by e-mail blocks only marketing, every other reason blocks everything'),
      marketing: z.boolean().describe('the latest consent for this address is granted'),
      restrictions: z
        .object({ marketing: restrictionsOut, service: restrictionsOut })
        .describe('what keeps messages from this address, by purpose, the most serious first'),
    }),
  ),
  consents: z.array(consentOut).describe('newest first'),
  scores: z.array(
    z.object({
      kind: z.string(),
      title: z.string().nullable().describe('as it is declared'),
      range: z.object({ least: z.number(), most: z.number() }).nullable().describe('of its values; 0 to 1 is a likelihood'),
      value: z.number(),
      previous: z.number().nullable(),
      modelId: id.nullable().describe('null if another system computed it'),
      reasons: z.array(
        z.object({ feature: z.string(), value: z.union([z.string(), z.number(), z.boolean(), z.null()]), contribution: z.number() }),
      ),
      scoredAt: instantOut,
    }),
  ),
  enrolments: z.array(
    z.object({
      id,
      campaign: z.object({ id, key: z.string(), title: z.string() }),
      arm: z.string(),
      state: z.string(),
      step: z.string().nullable(),
      outcome: z.string().nullable(),
      createdAt: instantOut,
      closedAt: instantOut.nullable(),
    }),
  ),
  events: z.array(z.object({ id, kind: z.string(), at: instantOut, source: z.string() })).describe('the last 20'),
  offers: z
    .array(
      offerOut.extend({
        issuedAt: instantOut,
        settledAt: instantOut.nullable(),
        reference: z.string().nullable(),
        enrolmentId: id.nullable(),
        campaignId: id.nullable(),
      }),
    )
    .describe('the last 100, newest first'),
  messages: z
    .array(
      z.object({
        id,
        channel: channelKinds.name,
        purpose: z.enum(purposes),
        template: z.string(),
        state: z.enum(messageStates),
        plannedAt: instantOut,
        reference: z.string().nullable(),
        offerId: id.nullable(),
        enrolmentId: id.nullable(),
        campaignId: id.nullable(),
      }),
    )
    .describe('the last 100, newest first'),
});
export const consentAnswer = z.object({ id, withdrawnMessages: z.int().describe('planned messages that will not be sent now') });

const customerExample = {
  id: '01995a3e-7c00-7000-8000-000000000001',
  externalId: '7590-VHVEG',
  name: 'Ada Berg',
  locale: 'en',
  timeZone: 'Europe/Berlin',
  status: 'active',
  plan: 'fiber',
  monthlyCharge: 2985,
  currency: 'EUR',
  tenure: 14,
  preferredChannel: 'sms',
  attributes: { contract: 'month-to-month' },
  made: [],
  objectedAt: null,
  churnedAt: null,
  createdAt: '2026-03-02T12:00:00.000Z',
  updatedAt: '2026-03-02T12:00:00.000Z',
};

export const customerExamples = {
  page: { items: [{ ...customerExample, scores: { churn: 0.71 }, underway: 1, reachable: ['email'] }], next: null },
  body: {
    externalId: '7590-VHVEG',
    name: 'Ada Berg',
    timeZone: 'Europe/Berlin',
    plan: 'fiber',
    monthlyCharge: 2985,
    currency: 'EUR',
    tenure: 14,
    attributes: { contract: 'month-to-month' },
    contactPoints: [{ channel: 'email', address: 'ada@example.com' }],
    consents: [{ channel: 'email', granted: true, wordingVersion: '2026-01' }],
  },
  detail: {
    ...customerExample,
    titles: { contract: 'How long the customer is bound' },
    contactPoints: [
      {
        id: '01995a3e-7c00-7000-8000-000000000002',
        channel: 'email',
        address: 'ada@example.com',
        deadAt: null,
        suppressed: null,
        marketing: true,
        restrictions: { marketing: [], service: [] },
      },
    ],
    consents: [
      {
        id: '01995a3e-7c00-7000-8000-000000000003',
        channel: 'email',
        purpose: 'marketing',
        granted: true,
        source: 'api',
        wordingVersion: '2026-01',
        at: '2026-03-02T12:00:00.000Z',
        actor: 'api-key:01995a3e-7c00-7000-8000-000000000009',
      },
    ],
    scores: [
      {
        kind: 'churn',
        title: 'Likelihood of leaving',
        range: { least: 0, most: 1 },
        value: 0.71,
        previous: 0.52,
        modelId: '01995a3e-7c00-7000-8000-000000000002',
        reasons: [{ feature: 'contract', value: 'month-to-month', contribution: 0.9 }],
        scoredAt: '2026-03-02T12:00:00.000Z',
      },
    ],
    enrolments: [],
    events: [],
    offers: [],
    messages: [],
  },
  patch: { plan: 'fiber-500', attributes: { contract: 'two-year' } },
  consent: { channel: 'email', purpose: 'marketing', granted: false, wordingVersion: '2026-01' },
  consentAnswer: { id: '01995a3e-7c00-7000-8000-000000000003', withdrawnMessages: 1 },
};
