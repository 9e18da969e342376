import { longestText, shortened } from '../../platform/bounds.js';
import type { TemplateVariables } from '../contract/template-variables.js';

/**
 * Renders a text message within the limit of its provider. If it is too long, the values of customers and offers are shortened, never the
 * template's own text, whose last words may say how to stop.
 * @throws Error if it is still too long
 */
export function fitting(render: (variables: TemplateVariables) => string, variables: TemplateVariables): string {
  const text = render(variables);
  if (text.length <= longestText) return text;
  const { customer, offer } = variables;
  const short = render({
    ...variables,
    customer: { ...customer, name: shortened(customer.name, 30) },
    offer: { ...offer, title: shortened(offer.title, 60) },
  });
  if (short.length > longestText) throw new Error(`the text has ${short.length} characters, and its provider takes ${longestText}`);
  return short;
}
