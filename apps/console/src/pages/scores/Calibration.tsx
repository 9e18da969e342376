import type { ScoreFigures } from '../../api/types.js';
import { count, percent } from '../../format/number.js';
import { Card } from '../../parts/Card.js';
import { FigureTable } from '../../parts/FigureTable.js';
import parts from '../../parts/parts.module.css';
import { shareAxis } from './axes.js';
import { Plot } from './Plot.js';
import { outcomeOf } from './score-words.js';

interface CalibrationProps {
  readonly of: NonNullable<ScoreFigures['calibration']>;
  readonly kind: string;
}

/** Whether what is predicted happens: ten groups of customers, by score. */
export function Calibration({ of, kind }: CalibrationProps) {
  const shares = of.flatMap(({ predicted, happened }) => [predicted, happened]);
  const axis = (title: string) => shareAxis(title, shares);
  const points = of.map(({ predicted, happened }) => [predicted, happened] as const);
  return (
    <Card title="Does what it says happen?" aside="on the straight line it is exactly right">
      <Plot x={axis('predicted')} y={axis(outcomeOf(kind))} line={points} dots={points} diagonal />
      <FigureTable
        of="The calibration"
        head={['Customers', 'Predicted', `In fact ${outcomeOf(kind)}`]}
        rows={of.map(({ predicted, happened, customers }) => [count(customers), percent(predicted), percent(happened)])}
      />
      {of.length === 0 && <p className={parts.soft}>It was not measured.</p>}
    </Card>
  );
}
