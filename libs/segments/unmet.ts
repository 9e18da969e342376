import { askedBy } from './asked-fields.js';
import { conditionText, partsOf } from './condition-text.js';
import type { Facts } from './facts.js';
import { holds } from './holds.js';
import type { Rule } from './rule.js';

/** A part of a rule that does not hold for a customer. */
export interface Unmet {
  /** As the rule has it. */
  readonly rule: string;
  /** What the customer has in its place: the fields that it reads, each as a rule names it. Events are counted by the rule itself. */
  readonly has: readonly { readonly field: string; readonly value: string | number | boolean | null }[];
}

/** The parts of a rule, all of which must hold, that do not hold for a customer. None if the rule holds. */
export function unmetBy({ condition }: Rule, facts: Facts): Unmet[] {
  return partsOf(condition)
    .filter((part) => !holds(part, facts))
    .map((part) => ({
      rule: conditionText(part),
      has: askedBy(part).flatMap((field) => {
        const [of, name = ''] = field.split('.', 2);
        if (of !== 'customer' && of !== 'score') return [];
        return [{ field, value: facts[of][name] ?? null }];
      }),
    }));
}
