import { z } from 'zod';
import type { ContactWindow } from '../../channels/contact-window.js';

const minuteOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'is not a time of day such as 09:00')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

/** A contact window as the YAML files write it: `{ days: [1, 2], from: '09:00', to: '20:00' }`; every day if no days are given. */
export const contactWindow = z
  .strictObject({
    days: z.array(z.int().min(1).max(7)).min(1).default([1, 2, 3, 4, 5, 6, 7]),
    from: minuteOfDay,
    to: minuteOfDay,
  })
  .refine(({ from, to }) => from !== to && from < 1440, 'has no length') satisfies z.ZodType<ContactWindow>;
