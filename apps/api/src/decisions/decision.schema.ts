import { z } from 'zod';
import { decisionKinds } from '../../../../libs/offers/decision.entity.js';
import { id, instantOut, pageSchema, paging } from '../http/list-query.js';

export const decisionQuery = z.strictObject({
  ...paging,
  campaign: id.optional(),
  customer: id.optional(),
  kind: z.enum(decisionKinds).optional(),
  reason: z.string().max(100).optional().describe('only decisions with this code among their reasons'),
});
export type DecisionQuery = z.infer<typeof decisionQuery>;

/** A decision in the history of an enrolment. */
export const decisionOut = z.object({
  id,
  step: z.string().nullable().describe('the requesting step of the journey; null outside of one'),
  reference: z.string().nullable().describe('the caller’s reference, outside of a journey'),
  occurrence: z.int(),
  kind: z.enum(decisionKinds),
  subject: z.string().nullable().describe('the treatment or the channel'),
  candidates: z.array(
    z.object({
      key: z.string(),
      eligible: z.boolean(),
      value: z.number().nullable().describe('expected incremental profit in minor units'),
      reasons: z.array(z.string()),
    }),
  ),
  reasons: z.array(z.string()).describe('the main one first'),
  until: instantOut.nullable(),
  at: instantOut,
});
export const decisionPage = pageSchema(decisionOut.extend({ enrolmentId: id.nullable(), campaignId: id.nullable(), customerId: id }));

export const decisionExample = {
  id: '01995a3e-7c00-7000-8000-000000000004',
  step: 'choose',
  reference: null,
  occurrence: 1,
  kind: 'treat',
  subject: 'bill-credit-10',
  candidates: [
    { key: 'bill-credit-10', eligible: true, value: 412, reasons: [] },
    { key: 'none', eligible: true, value: 0, reasons: [] },
  ],
  reasons: ['best-value'],
  until: null,
  at: '2026-03-02T12:00:00.000Z',
};
export const decisionPageExample = {
  items: [
    {
      ...decisionExample,
      enrolmentId: '01995a3e-7c00-7000-8000-000000000003',
      campaignId: '01995a3e-7c00-7000-8000-000000000001',
      customerId: '01995a3e-7c00-7000-8000-000000000002',
    },
  ],
  next: null,
};
