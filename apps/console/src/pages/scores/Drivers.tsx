import { useState } from 'react';
import type { ScoreFigures } from '../../api/types.js';
import { percent } from '../../format/number.js';
import { spelledOut } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import { FigureTable } from '../../parts/FigureTable.js';
import { Dependence } from './Dependence.js';
import { figureText } from './score-words.js';
import css from './scores.module.css';

interface DriversProps {
  readonly figures: ScoreFigures;
  readonly titles: Readonly<Record<string, string>>;
}

const mostShown = 8;

/** What moves the score, and how it depends on the feature that is chosen. */
export function Drivers({ figures: { drivers = [], dependence = [] }, titles }: DriversProps) {
  const [chosen, choose] = useState<string | null>(null);
  const [first] = dependence;
  const shown = dependence.find(({ feature }) => feature === chosen) ?? first;
  const titleOf = (feature: string): string => titles[feature] ?? spelledOut(feature);
  const most = Math.max(...drivers.map(({ moves }) => moves), Number.EPSILON);
  return (
    <Card title="What drives it" aside="choose a feature to see how">
      <ul className={css.drivers}>
        {drivers.slice(0, mostShown).map(({ feature, moves }) => (
          <li key={feature}>
            <button type="button" aria-pressed={feature === shown?.feature} onClick={() => choose(feature)}>
              <span>{titleOf(feature)}</span>
              <span className={css.bar} aria-hidden>
                <i style={{ width: percent(moves / most) }} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {shown && <Dependence title={titleOf(shown.feature)} points={shown.points} />}
      <FigureTable
        of="What drives it"
        head={['Feature', 'Moves the log-odds by, on average']}
        rows={drivers.map(({ feature, moves }) => [titleOf(feature), figureText(moves)])}
      />
    </Card>
  );
}
