import type { ScoreFigures } from '../../api/types.js';
import { percent } from '../../format/number.js';
import { FigureTable } from '../../parts/FigureTable.js';
import { valueText } from '../customers/reason-words.js';
import { shareAxis, valueAxis } from './axes.js';
import { Plot } from './Plot.js';
import css from './scores.module.css';

type Points = NonNullable<ScoreFigures['dependence']>[number]['points'];

interface DependenceProps {
  readonly title: string;
  readonly points: Points;
}

/** What would be scored on average if all customers had each value of one feature. */
export function Dependence({ title, points }: DependenceProps) {
  const curve = points.flatMap(({ value, score }) => (typeof value === 'number' ? [[value, score] as const] : []));
  const scores = points.map(({ score }) => score);
  return (
    <div className={css.dependence}>
      <h3>{title}</h3>
      {curve.length > 2 ? (
        <Plot
          x={valueAxis(
            'value of the feature',
            curve.map(([value]) => value),
          )}
          y={shareAxis('mean score', scores)}
          line={curve}
          dots={curve}
        />
      ) : (
        <ValueBars points={points} />
      )}
      <FigureTable
        of={`The mean score by “${title}”`}
        head={['Value', 'Mean score', 'Customers with it']}
        rows={points.map(({ value, score, share }) => [valueText(value), percent(score), percent(share)])}
      />
    </div>
  );
}

function ValueBars({ points }: { readonly points: Points }) {
  const most = Math.max(...points.map(({ score }) => score), Number.EPSILON);
  return (
    <div className={css.values} aria-hidden>
      {points.map(({ value, score }) => (
        <div key={String(value)}>
          <span>{valueText(value)}</span>
          <span className={css.bar}>
            <i style={{ width: percent(score / most) }} />
          </span>
          <span>{percent(score, 0)}</span>
        </div>
      ))}
    </div>
  );
}
