import { z } from 'zod';
import { eventKind, property, where } from '../features/event-filter.js';

/** How the value of a customer is reckoned. */
export const valueSettings = z.strictObject({
  /** What remains of what a customer pays: 0.3 is 30%. */
  margin: z.number().positive().max(1),
  /** Of a year: 0.1 is 10%. */
  discount: z.number().min(0).max(1).default(0.1),
  /** How far it looks ahead. */
  months: z.int().min(1).max(120).default(36),
});
export type ValueSettings = z.infer<typeof valueSettings>;

/** Which events are purchases. */
export const purchaseSettings = z.strictObject({
  events: eventKind,
  /** The number in their data that says how much was paid, in major units of the customer’s currency. */
  amount: property,
  where,
});
export type PurchaseSettings = z.infer<typeof purchaseSettings>;
