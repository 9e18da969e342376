import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { explanationQuery } from '../../api/score-queries.js';
import type { ScoreExplanation } from '../../api/types.js';
import { scoreText } from '../../format/number.js';
import { Refused } from '../../parts/Failed.js';
import parts from '../../parts/parts.module.css';
import css from './customers.module.css';
import { valueText } from './reason-words.js';

interface HowItAddsUpProps {
  readonly kind: string;
  readonly title: string;
  readonly customer: string;
}

/** The whole sum of a score: base, every contribution and the remainder. It is computed when somebody opens it. */
export function HowItAddsUp({ kind, title, customer }: HowItAddsUpProps) {
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({ ...explanationQuery(kind, customer), enabled: open });
  return (
    <details className={css.details} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>How it adds up</summary>
      {!data && (error ? <Refused problem={asProblem(error)} /> : <p>Computing.</p>)}
      {data && <Sum of={data} title={title} />}
    </details>
  );
}

const signed = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3, signDisplay: 'exceptZero' });
const amount = (value: number): string => signed.format(value).replace('-', '\u2212');

function Sum({ of, title }: { readonly of: ScoreExplanation; readonly title: string }) {
  const inLogOdds = of.scale === 'log-odds';
  return (
    <div className={parts.scroll} tabIndex={0} role="group" aria-label={`How ${title} adds up`}>
      <table className={parts.table}>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" className={parts.number}>
              {inLogOdds ? 'Log-odds' : 'Amount'}
            </th>
          </tr>
        </thead>
        <tbody>
          <Part name="Base: expected where nothing is known" value={of.base} />
          {of.contributions.map(({ feature, title: name, value, contribution }) => (
            <Part key={feature} name={`${name}: ${valueText(value)}`} value={contribution} />
          ))}
          <Part name="Remainder: what calibration adds" value={of.remainder} />
          <tr>
            <td>
              <b>{inLogOdds ? `Together, which is a likelihood of ${scoreText(of.value)}` : 'Together'}</b>
            </td>
            <td className={parts.number}>
              <b>{amount(of.total)}</b>
            </td>
          </tr>
        </tbody>
      </table>
      <p>
        Computed now with version {of.version}
        {of.stored !== null && inLogOdds && `; stored last: ${scoreText(of.stored.value)}`}.
      </p>
    </div>
  );
}

function Part({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <tr>
      <td>{name}</td>
      <td className={parts.number}>{amount(value)}</td>
    </tr>
  );
}
