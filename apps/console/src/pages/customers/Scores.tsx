import { Link } from '@tanstack/react-router';
import type { CustomerDetail, CustomerScore } from '../../api/types.js';
import { scoreText } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { spelledOut } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import parts from '../../parts/parts.module.css';
import css from './customers.module.css';
import { HowItAddsUp } from './HowItAddsUp.js';
import { barLengths, effectText, oddsText, reasonText, valueText } from './reason-words.js';

/** The scores and their reasons. */
export function Scores({ customer: { id, scores, titles } }: { readonly customer: CustomerDetail }) {
  return (
    <Card title="Scores" aside={scores.length > 0 && 'compared with the average customer'}>
      {scores.length === 0 && <p className={parts.soft}>This customer has no score yet.</p>}
      {scores.map((score) => (
        <Score key={score.kind} score={score} titles={titles} customer={id} />
      ))}
    </Card>
  );
}

interface ScoreProps {
  readonly score: CustomerScore;
  readonly titles: Readonly<Record<string, string>>;
}

function Score({ score, titles, customer }: ScoreProps & { readonly customer: string }) {
  const title = score.title ?? spelledOut(score.kind);
  return (
    <section className={css.score} aria-label={title}>
      <div className={css.scoreHead}>
        <h3>
          <Link to="/scores/$kind" params={{ kind: score.kind }}>
            {title}
          </Link>
        </h3>
        <span className={css.value}>{valueOf(score, score.value)}</span>
        <span className={parts.soft}>
          {changeText(score)}computed {moment(score.scoredAt)}
        </span>
      </div>
      {score.reasons.length === 0 ? (
        <p className={parts.soft}>No reasons are stored.</p>
      ) : (
        <>
          <Bars score={score} titles={titles} />
          <details className={css.details}>
            <summary>The reasons as a table</summary>
            <ReasonTable score={score} titles={titles} />
          </details>
          {score.modelId !== null && <HowItAddsUp kind={score.kind} title={title} customer={customer} />}
        </>
      )}
    </section>
  );
}

function changeText(score: CustomerScore): string {
  const { value, previous } = score;
  if (previous === null || valueOf(score, previous) === valueOf(score, value)) return '';
  return `${value > previous ? 'up' : 'down'} from ${valueOf(score, previous)}, `;
}

/** A likelihood is explained by odds; another kind of score has contributions in its own unit. */
const isLikelihood = ({ range }: CustomerScore): boolean => range !== null && range.least === 0 && range.most === 1;
const valueOf = (score: CustomerScore, value: number): string => (isLikelihood(score) ? scoreText(value) : valueText(value));

function Bars({ score, titles }: ScoreProps) {
  const lengths = barLengths(score.reasons.map(({ contribution }) => contribution));
  return (
    <div className={css.bars} aria-hidden>
      <div className={css.bar}>
        <span />
        <span className={css.ways}>
          <span>lowers it</span>
          <span>raises it</span>
        </span>
        <span />
      </div>
      {score.reasons.map((reason, index) => (
        <div key={reason.feature} className={css.bar}>
          <span>{reasonText(reason, titles)}</span>
          <span className={css.track}>
            <i data-way={reason.contribution < 0 ? 'down' : 'up'} style={{ width: `${String((lengths[index] ?? 0) * 50)}%` }} />
          </span>
          <span className={css.effect}>{isLikelihood(score) ? `odds ${oddsText(reason.contribution)}` : plain(reason.contribution)}</span>
        </div>
      ))}
    </div>
  );
}

const signed = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2, signDisplay: 'exceptZero' });
const plain = (contribution: number): string => signed.format(contribution).replace('-', '\u2212');

/** The figures of the picture, in words that an agent can say. */
function ReasonTable({ score, titles }: ScoreProps) {
  const likelihood = isLikelihood(score);
  return (
    <div className={parts.scroll} tabIndex={0} role="group" aria-label={`Reasons of ${score.title ?? spelledOut(score.kind)}`}>
      <table className={parts.table}>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col">What it does</th>
            {likelihood && (
              <th scope="col" className={parts.number}>
                Odds
              </th>
            )}
            <th scope="col" className={parts.number}>
              {likelihood ? 'Log-odds' : 'Contribution'}
            </th>
          </tr>
        </thead>
        <tbody>
          {score.reasons.map((reason) => (
            <tr key={reason.feature}>
              <td>{reasonText(reason, titles)}</td>
              <td>{effectText(reason.contribution)}</td>
              {likelihood && <td className={parts.number}>{oddsText(reason.contribution)}</td>}
              <td className={parts.number}>{plain(reason.contribution)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
