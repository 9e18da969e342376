import type { CustomerDetail } from '../../api/types.js';
import { spelledOut } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import parts from '../../parts/parts.module.css';
import css from './customers.module.css';
import { valueText } from './reason-words.js';

/** The customer's attributes, with the descriptions of attributes.yaml. */
export function Attributes({ customer: { attributes, titles, made } }: { readonly customer: CustomerDetail }) {
  const names = inOrder(Object.keys(attributes), Object.keys(titles));
  return (
    <Card title="Attributes" aside={made.length > 0 && `made up: ${made.map((name) => spelledOut(name).toLowerCase()).join(', ')}`}>
      {names.length === 0 && <p className={parts.soft}>No attribute has been stored.</p>}
      <dl className={css.attributes}>
        {names.map((name) => (
          <div key={name}>
            <dt>
              {spelledOut(name)}
              {titles[name] !== undefined && <span>{titles[name]}</span>}
            </dt>
            <dd>{valueText(attributes[name] ?? null)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** Declared attributes in their order, then the others by name. */
function inOrder(names: readonly string[], declared: readonly string[]): readonly string[] {
  return [...declared.filter((name) => names.includes(name)), ...names.filter((name) => !declared.includes(name)).toSorted()];
}
