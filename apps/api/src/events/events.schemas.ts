import { z } from 'zod';
import { lineOfText, longest } from '../../../../libs/platform/bounds.js';
import { externalId, id, instant } from '../http/list-query.js';

const event = z
  .object({
    customerId: id.optional(),
    externalId: externalId.optional(),
    kind: z
      .string()
      .max(100)
      .regex(/^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$/, 'is dotted, as in ticket.opened'),
    at: instant.describe('when it happened; contract.ended alone may be dated ahead, as notice'),
    data: z.record(z.string().max(100), z.unknown()).default({}),
    source: lineOfText(longest.word).describe('the system that reports it'),
    sourceId: lineOfText(longest.id).describe("that system's own id for it"),
  })
  .refine((given) => (given.customerId === undefined) !== (given.externalId === undefined), 'must have either customerId or externalId');

export const eventsBody = z.array(event).min(1).max(1000);
export type EventsBody = z.infer<typeof eventsBody>;

export const eventsAnswer = z.object({
  stored: z.int(),
  duplicates: z.int().describe('already stored, by source and sourceId'),
  unknown: z.array(z.int()).describe('positions in the batch of events with an unknown customer'),
});

export const eventExamples = {
  body: [
    {
      externalId: '7590-VHVEG',
      kind: 'contract.renewed',
      at: '2026-03-02T12:00:00Z',
      data: { months: 24 },
      source: 'billing',
      sourceId: 'contract-4711-renewed',
    },
  ],
  answer: { stored: 1, duplicates: 0, unknown: [] },
};
