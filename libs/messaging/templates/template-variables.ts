/** All that a template may speak of. Values are put in as they are, never rendered as templates themselves. */
export interface TemplateVariables {
  readonly company: { readonly name: string; readonly address: string };
  /** The name is empty where none is known. */
  readonly customer: { readonly name: string };
  /** `expires` is a date as the customer would write it. All are empty where the message has no offer, and so is `links.accept`. */
  readonly offer: { readonly title: string; readonly expires: string; readonly voucher: string };
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
  'links.accept',
  'links.unsubscribe',
  'links.preferences',
] as const;
export type VariableName = (typeof variableNames)[number];

/** What may be missing: of the customer, and all that comes with an offer. */
export type Need = 'customer.name' | 'offer';

/** What is missing where a name has no value; undefined where it always has one. */
export function needOf(name: string): Need | undefined {
  if (name === 'customer.name') return name;
  return name.startsWith('offer.') || name === 'links.accept' ? 'offer' : undefined;
}

/** What a name stands for. */
export function valueOf(variables: TemplateVariables, name: VariableName): string {
  const [group, field] = name.split('.') as [keyof TemplateVariables, string];
  return (variables[group] as unknown as Readonly<Record<string, string>>)[field] ?? '';
}
