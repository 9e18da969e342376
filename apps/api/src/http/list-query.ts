import { z } from 'zod';
import { cleanId } from '../../../../libs/channels/address/clean-text.js';
import { fitText, longest } from '../../../../libs/platform/bounds.js';
import { isId } from '../../../../libs/platform/ids.js';
import { whyNoInstant } from '../../../../libs/platform/instants.js';
import { readZone } from '../../../../libs/platform/time-zones.js';
import { decodeCursor } from '../../../../libs/platform/cursor.js';

/** A UUIDv7, as every id of ours is. */
export const id = z
  .string()
  .refine(isId, 'is not an id')
  .meta({ format: 'uuid', examples: ['01995a3e-7c00-7000-8000-000000000001'] });

/** The company's own id for a customer, normalised so that every way to write it finds the same customer. */
export const externalId = z
  .string()
  .max(longest.id * 5)
  .transform(cleanId)
  .pipe(fitText(z.string().min(1).max(longest.id)));

/** An instant in a request: ISO 8601 with an offset, within bounds that all later steps can handle. */
export const instant = z.iso
  .datetime({ offset: true })
  .transform((text, context) => {
    const at = new Date(text);
    const why = whyNoInstant(at);
    if (why !== undefined) context.addIssue({ code: 'custom', message: why });
    return at;
  })
  .meta({ examples: ['2026-03-02T12:00:00Z'] });

/** Where somebody lives, by its IANA name. */
export const timeZone = z
  .string()
  .max(100)
  .transform((text, context) => {
    const read = readZone(text);
    if ('zone' in read) return read.zone;
    context.addIssue({ code: 'custom', message: read.whyNot });
    return z.NEVER;
  })
  .meta({ examples: ['Europe/Berlin'] });

/** An instant in an answer. */
export const instantOut = z.iso.datetime().meta({ examples: ['2026-03-02T12:00:00.000Z'] });

/** The parameters of every list. */
export const paging = {
  cursor: z.string().max(100).optional().describe('`next` of the previous page'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('items per page'),
};

/** Where a page begins, and how many rows to read so that it is known whether another page follows. */
export function pageStart(list: { readonly cursor?: string; readonly limit: number }): {
  readonly before: string | null;
  readonly rows: number;
} {
  return { before: list.cursor === undefined ? null : decodeCursor(list.cursor), rows: list.limit + 1 };
}

/** The schema of one page of a list. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable().describe('the cursor of the next page') });
}
