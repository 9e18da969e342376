import { longestText, shortened } from '../../platform/bounds.js';
import type { TemplateVariables } from '../contract/template-variables.js';

/**
 * Renders a text message so that its provider takes it. Where it is too long, what customers and offers bring to it is shortened,
 * never what the template says: its last words may be how to stop.
 * @throws Error if it is too long all the same
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
