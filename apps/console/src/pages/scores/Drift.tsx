import type { ScoreKind } from '../../api/types.js';
import { movedAt, movingAt } from '../../../../../libs/scoring/registry/drift.js';
import { count, percent } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { Card } from '../../parts/Card.js';
import { FigureTable } from '../../parts/FigureTable.js';
import parts from '../../parts/parts.module.css';
import { figureText } from './score-words.js';
import css from './scores.module.css';

const mostShown = 8;

/** How far customers are from those that the model learnt from, by feature. */
export function Drift({ drift }: { readonly drift: NonNullable<ScoreKind['drift']> }) {
  const scale = Math.max(movedAt * 1.4, ...drift.moved.map(({ index }) => index));
  const at = (index: number): string => percent(index / scale);
  const titleOf = ({ feature, title }: (typeof drift.moved)[number]): string => (feature === 'score' ? 'The score itself' : title);
  return (
    <Card title="Are customers still the same?" aside={`${count(drift.customers)} scored ${moment(drift.at)}`}>
      <p className={parts.soft}>
        The population stability index: up to {movingAt} nothing moved, from {movedAt} so much that the score should be trained again.
      </p>
      <div className={css.driftRows} aria-hidden>
        {drift.moved.slice(0, mostShown).map((each) => (
          <div key={each.feature}>
            <span>{titleOf(each)}</span>
            <span className={css.driftTrack}>
              {[movingAt, movedAt].map((mark) => (
                <i key={mark} className={css.mark} style={{ left: at(mark) }} />
              ))}
              <i
                className={css.driftBar}
                data-tone={each.index > movedAt ? 'rose' : each.index > movingAt ? 'amber' : 'leaf'}
                style={{ width: at(each.index) }}
              />
            </span>
            <span>{each.index.toFixed(2)}</span>
          </div>
        ))}
      </div>
      <FigureTable of="The drift" head={['Feature', 'Index']} rows={drift.moved.map((each) => [titleOf(each), figureText(each.index)])} />
    </Card>
  );
}
