import type { ScoreDeclaration } from '../../declaration.js';
import { parts, type Part, type Trainer } from './trainer.js';

const example: Readonly<Record<Part, string>> = {
  target: 'target: churned_before',
  features: 'features: { plan: { type: category } }',
  value: 'value: { margin: 0.3, discount: 0.1, months: 36 }',
  purchases: 'purchases: { events: payment.received, amount: amount }',
  ties: 'ties: { referral: { events: referral.made, to: to } }',
};

/** Where a declaration and its model do not go together, each with its place. */
export function misfits(declared: ScoreDeclaration, { gives, reads }: Trainer): { readonly path: [string]; readonly message: string }[] {
  const { score, model } = declared;
  const kind =
    gives === undefined || gives.includes(score)
      ? []
      : [{ path: ['model'] as [string], message: `${model} gives ${gives.join(', ')}, and this score is ${score}` }];
  const wrong = parts.flatMap((part) => {
    const isThere = part === 'features' ? Object.keys(declared.features).length > 0 : declared[part] !== undefined;
    if (!isThere && reads[part] === 'needed') return [{ part, message: `is missing, and ${model} needs it: ${example[part]}` }];
    if (isThere && reads[part] === undefined) return [{ part, message: `is not read by ${model}: leave it out` }];
    return [];
  });
  return [...kind, ...wrong.map(({ part, message }) => ({ path: [part] as [string], message }))];
}
