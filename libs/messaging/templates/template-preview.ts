import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../../persistence/sql.js';
import { notFound } from '../../platform/problem.js';
import type { Purpose } from '../../channels/purpose.js';
import type { CompanyContext } from '../contract/load-contexts.js';
import { samples } from './template-lint.js';
import type { TemplateVariables } from '../../channels/contract/template-variables.js';

/** The customer for a preview, real or made up. */
export interface PreviewSubject {
  readonly customer: { readonly id: string; readonly externalId: string; readonly name: string | null; readonly locale: string } | null;
  readonly offer: { readonly title: string; readonly voucher: string; readonly expiresAt: Date; readonly timeZone: string | null } | null;
}

/** @returns the customer with their latest offer, in any state. @throws Problem not-found */
export async function loadPreviewSubject(em: EntityManager, customerId: string): Promise<PreviewSubject> {
  const row = await queryOne<{
    id: string;
    externalId: string;
    name: string | null;
    locale: string;
    timeZone: string | null;
    title: string | null;
    voucher: string;
    expiresAt: Date;
  }>(
    em,
    `select c.id, c.external_id as "externalId", c.name, c.locale, c.time_zone as "timeZone", o.title, o.voucher_code as voucher,
            o.expires_at as "expiresAt"
     from customer c
     left join lateral (
       select o.* from enrolment e join offer o on o.enrolment_id = e.id where e.customer_id = c.id order by o.issued_at desc, o.id desc limit 1
     ) o on true
     where c.id = $1`,
    [customerId],
  );
  if (row === undefined) throw notFound('customer', customerId);
  const { id, externalId, name, locale, timeZone, title, voucher, expiresAt } = row;
  return { customer: { id, externalId, name, locale }, offer: title === null ? null : { title, voucher, expiresAt, timeZone } };
}

/** The values of a preview. */
export interface PreviewVariables {
  readonly variables: TemplateVariables;
  /** Which of the values are made up. */
  readonly samples: readonly ('customer' | 'offer')[];
}

/** Placeholder for an id and a signature: as long as a real one, so that segments are counted right, but not valid. */
const deadId = '00000000-0000-0000-0000-000000000000';
const deadMac = 'preview-preview-preview-';

/**
 * Makes the values of a preview. Its links do not work: nothing is signed, so nobody who sees it can accept, unsubscribe or choose for the
 * customer.
 * @param locale the customer's own, or another requested one
 */
export function previewVariables(
  { customer, offer }: PreviewSubject,
  { locale, purpose }: { readonly locale: string; readonly purpose: Purpose },
  { publicUrl, company }: Omit<CompanyContext, 'tokens' | 'templatesAt'>,
): PreviewVariables {
  const dead = (path: string, value: string = deadId): string => `${publicUrl}/${path}/${value}.${deadMac}`;
  return {
    variables: {
      company,
      customer: {
        name: customer === null ? samples.known.customer.name : (customer.name ?? ''),
        locale,
        timeZone: offer?.timeZone ?? null,
      },
      offer: offer === null ? samples.known.offer : { title: offer.title, voucher: offer.voucher, expiresAt: offer.expiresAt },
      message: { purpose },
      links: { accept: dead('o'), unsubscribe: dead('u'), preferences: dead('p') },
      tracked: (name) => dead('l', `${deadId}.${name}`),
    },
    samples: [...(customer === null ? (['customer'] as const) : []), ...(offer === null ? (['offer'] as const) : [])],
  };
}
