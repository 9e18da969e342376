import type { ScoreVersionDetail } from '../../api/types.js';
import { count, percent } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { Card } from '../../parts/Card.js';
import { Facts } from '../../parts/Facts.js';
import parts from '../../parts/parts.module.css';
import { figureText, intervalText } from './score-words.js';
import css from './scores.module.css';

const measures = [
  { name: 'auc', title: 'AUC', says: '1 ranks everybody rightly, 0.5 is chance' },
  { name: 'logLoss', title: 'Log-loss', says: 'the lower, the better' },
  { name: 'brier', title: 'Squared error', says: 'Brier; the lower, the better' },
  { name: 'calibrationError', title: 'Calibration error', says: 'how far off it is on average' },
] as const;

/** How good a version is, each figure with its interval, and what it learnt from. */
export function Figures({ version }: { readonly version: ScoreVersionDetail }) {
  const { figures, metrics, refusedFor } = version;
  return (
    <Card
      title={`Version ${String(version.version)}`}
      aside={`measured on ${count(metrics.validatedOn)} customers that it did not learn from`}
    >
      {refusedFor.length > 0 && (
        <div className={parts.refused}>
          <b>It did not pass its gates, so it cannot be used:</b>
          <ul className={parts.places}>
            {refusedFor.map((why) => (
              <li key={why}>{why}</li>
            ))}
          </ul>
        </div>
      )}
      <div className={css.figures}>
        {measures.map(({ name, title, says }) => {
          const interval = figures?.intervals?.[name];
          const value = interval?.value ?? (name === 'calibrationError' ? metrics.ece : metrics[name]);
          // Amounts and influence have other figures, which the sentence above names.
          return value === undefined ? null : (
            <div key={name}>
              <h3>{title}</h3>
              <p className={css.figure}>{figureText(value)}</p>
              <p className={parts.soft}>{interval ? `${intervalText(interval)}, 95% sure` : says}</p>
              {interval && <p className={parts.soft}>{says}</p>}
            </div>
          );
        })}
      </div>
      <Facts of={factsOf(version)} />
    </Card>
  );
}

function factsOf({ metrics, figures, dataFrom, dataUntil, predecessorMetrics }: ScoreVersionDetail): Record<string, string> {
  const until = dataUntil === null ? null : moment(dataUntil);
  return {
    Data: [
      `learnt from ${count(metrics.trainedOn)} customers`,
      ...(until === null
        ? []
        : [dataFrom === null || dataFrom === dataUntil ? `as of ${until}` : `from ${moment(dataFrom)} until ${until}`]),
    ].join(', '),
    ...(figures?.chosen === undefined ? {} : { Model: `${figures.chosen}: ${figures.because ?? ''}` }),
    ...(figures?.profit === undefined
      ? {}
      : {
          Profit: `expected maximum ${figures.profit.profit.toFixed(2)} a customer, if the ${percent(figures.profit.share, 0)} with the highest scores are targeted (usual costs: value 200, incentive 10, contact 1)`,
        }),
    ...(predecessorMetrics === null
      ? {}
      : {
          Before: `its predecessor on the same customers: AUC ${figureText(predecessorMetrics.auc)}, log-loss ${figureText(predecessorMetrics.logLoss)}`,
        }),
  };
}
