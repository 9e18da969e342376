import { z } from 'zod';

const id = z.uuid();

/** Events of one customer, delivered in the order in which they happened. Ids and kinds only, never personal data. */
const ofCustomers = {
  /**
   * Attributes, status or events of a customer changed that a goal or trigger reads; the fields as rules name them: `customer.plan`,
   * `events.payment`.
   */
  'customer.changed': z.object({ fields: z.array(z.string()) }),
  'customer.erased': z.object({}),
  /** A score rose above a campaign's threshold, or fell below its lower bound. */
  'score.crossed': z.object({ score: z.string(), campaignId: id, rose: z.boolean() }),
  /** A message will never arrive. `enrolmentId` is null if no journey sent it. */
  'message.failed': z.object({
    messageId: id,
    enrolmentId: id.nullable(),
    channel: z.string(),
    why: z.enum(['rejected', 'bounced', 'late']),
  }),
  /** `journeyAnswer` is the answer that the journey gets, null if it is not notified. */
  'response.received': z.object({ responseId: id, enrolmentId: id.nullable(), answer: z.string(), journeyAnswer: z.string().nullable() }),
  'offer.accepted': z.object({ offerId: id, enrolmentId: id.nullable() }),
  'enrolment.ended': z.object({ enrolmentId: id, campaignId: id, outcome: z.string() }),
} as const;

/** Events without a customer: they have no order. */
const ofNobody = {
  /** So many customers were scored at once that those who crossed a threshold are found by a check of all scores of the kind. */
  'customers.scored': z.object({ score: z.string() }),
  'alert.raised': z.object({ alertId: id, kind: z.string() }),
} as const;

const payloads = { ...ofCustomers, ...ofNobody };

/** The kinds of events. */
export type EventKind = keyof typeof payloads;

export type EventPayload<Kind extends EventKind> = z.output<(typeof payloads)[Kind]>;

/** An event as it is written. */
export type NewEvent<Kind extends EventKind = EventKind> = {
  [Each in Kind]: {
    readonly kind: Each;
    readonly customerId: Each extends keyof typeof ofCustomers ? string : null;
    readonly payload: EventPayload<Each>;
  };
}[Kind];

/** An event as it is delivered. The same `id` may come again. */
export type DomainEvent<Kind extends EventKind = EventKind> = NewEvent<Kind> & {
  readonly id: string;
  /** When it happened (campaign time). */
  readonly at: Date;
};

/** Reads a stored event. @throws Error if this program does not know the kind, or the payload does not fit the kind */
export function readEvent(stored: {
  readonly id: string;
  readonly kind: string;
  readonly customerId: string | null;
  readonly payload: unknown;
  readonly at: Date;
}): DomainEvent {
  if (!Object.hasOwn(payloads, stored.kind)) throw new Error(`There is no event of the kind ${stored.kind}`);
  const payload = payloads[stored.kind as EventKind].parse(stored.payload);
  return { ...stored, payload } as DomainEvent;
}
