import { z } from 'zod';
import { attributeName } from '../../platform/bounds.js';
import { eventKind, property, where } from '../features/event-filter.js';

/** What binds customers: events that name the other one, or an attribute that has the same value for all of them. */
const tie = z.union([z.strictObject({ events: eventKind, to: property, where }), z.strictObject({ attribute: attributeName })], {
  error: () => 'must be { events: referral.made, to: to }, the property with the number of the other customer, or { attribute: household }',
});
export type TieSettings = z.infer<typeof tie>;

/** What each kind of tie is read from. Of a referral the event belongs to the customer who referred. */
export const tiesSettings = z
  .strictObject({
    referral: z.strictObject({ events: eventKind, to: property, where }).optional(),
    household: tie.optional(),
    contact: tie.optional(),
  })
  .refine((ties) => Object.keys(ties).length > 0, 'needs at least one of referral, household and contact');
export type TiesSettings = z.infer<typeof tiesSettings>;
