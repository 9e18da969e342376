import type { Purpose } from '../purpose.js';
import { dayOf } from './text-locale.js';

/** All values that a template may use. Values are inserted as they are, never rendered as templates themselves. */
export interface TemplateVariables {
  readonly company: { readonly name: string; readonly address: string };
  /** The name is empty if none is known. Locale and IANA zone decide how dates are written. */
  readonly customer: { readonly name: string; readonly locale: string; readonly timeZone: string | null };
  /** If the message has no offer, title and voucher are empty, and the end is null; `links.accept` is empty then too. */
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

/** Values that may be missing: of the customer, and everything that belongs to an offer. */
export type Need = 'customer.name' | 'offer';

/** What is missing if a name has no value; undefined if it always has one. */
export function needOf(name: string): Need | undefined {
  if (name === 'customer.name') return name;
  return name.startsWith('offer.') || name === 'links.accept' ? 'offer' : undefined;
}

type Group<Name extends string> = Name extends `${infer First}.${string}` ? First : never;
/** The values by group and field, as Liquid reads them. */
export type NamedValues = Readonly<Record<Group<VariableName>, Readonly<Record<string, string>>>>;

/** The values of the names in one text. @param language the language of the text, as its file is named, used for dates */
export function namedValues({ company, customer, offer, message, links }: TemplateVariables, language: string): NamedValues {
  const { expiresAt, title, voucher } = offer;
  const expires = expiresAt === null ? '' : dayOf(expiresAt, customer.timeZone, language, customer.locale);
  return { company, customer: { name: customer.name }, offer: { title, expires, voucher }, message, links };
}
