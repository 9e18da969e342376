import { z } from 'zod';
import { lineOfText } from '../../../../libs/platform/bounds.js';
import { id, instantOut, pageSchema, paging } from '../http/list-query.js';

export const segmentQuery = z.strictObject(paging);
export type SegmentQuery = z.infer<typeof segmentQuery>;

export const segmentBody = z.object({
  name: lineOfText(100),
  rule: z.string().min(1).max(10_000).describe('a condition in CEL'),
});
export type SegmentBody = z.infer<typeof segmentBody>;

export const segmentOut = z.object({
  id,
  name: z.string(),
  rule: z.string(),
  createdAt: instantOut,
  count: z.int().nullable().describe('customers for whom the rule holds now; null if the count took too long'),
});
export const segmentPage = pageSchema(segmentOut);

const example = {
  id: '01995a3e-7c00-7000-8000-000000000001',
  name: 'Month to month, at risk',
  rule: 'customer.contract == "month-to-month" && score.churn > 0.5',
  createdAt: '2026-03-02T12:00:00.000Z',
  count: 1204,
};
export const segmentExamples = {
  body: { name: example.name, rule: example.rule },
  segment: example,
  page: { items: [example], next: null },
};
