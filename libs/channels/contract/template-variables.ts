import type { Purpose } from '../purpose.js';
import { dayOf } from './text-locale.js';

/** All that a template may speak of. Values are put in as they are, never rendered as templates themselves. */
export interface TemplateVariables {
  readonly company: { readonly name: string; readonly address: string };
  /** The name is empty if none is known. By locale and IANA zone dates are written. */
  readonly customer: { readonly name: string; readonly locale: string; readonly timeZone: string | null };
  /** Title and voucher are empty, and the end is null, where the message has no offer; `links.accept` is empty then too. */
  readonly offer: { readonly title: string; readonly expiresAt: Date | null; readonly voucher: string };
  readonly message: { readonly purpose: Purpose };
  readonly links: { readonly accept: string; readonly unsubscribe: string; readonly preferences: string };
  /** The address of a link that the template file declares; in a template it is `{{ links.<name> }}`. */
  readonly tracked: (name: string) => string;
}

/** The names that every template may use. */
export const variableNames = [
  'company.name',
  'company.address',
  'customer.name',
  'offer.title',
  'offer.expires',
  'offer.voucher',
  'message.purpose',
  'links.accept',
  'links.unsubscribe',
  'links.preferences',
] as const;
export type VariableName = (typeof variableNames)[number];

/** What may be missing: of the customer, and all that comes with an offer. */
export type Need = 'customer.name' | 'offer';

/** What is missing where a name has no value; undefined if it always has one. */
export function needOf(name: string): Need | undefined {
  if (name === 'customer.name') return name;
  return name.startsWith('offer.') || name === 'links.accept' ? 'offer' : undefined;
}

type Group<Name extends string> = Name extends `${infer First}.${string}` ? First : never;
/** The values by group and field, as Liquid reads them. */
export type NamedValues = Readonly<Record<Group<VariableName>, Readonly<Record<string, string>>>>;

/**
 * What the names stand for in one text.
 * @param language that the text is written in, as its file is named: dates are written in it
 */
export function namedValues({ company, customer, offer, message, links }: TemplateVariables, language: string): NamedValues {
  const { expiresAt, title, voucher } = offer;
  const expires = expiresAt === null ? '' : dayOf(expiresAt, customer.timeZone, language, customer.locale);
  return { company, customer: { name: customer.name }, offer: { title, expires, voucher }, message, links };
}
