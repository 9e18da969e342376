import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { asProblem } from '../../api/problem.js';
import { distributionQuery } from '../../api/score-queries.js';
import type { ScoreDistribution, ScoreKind } from '../../api/types.js';
import { count, percent, scoreText } from '../../format/number.js';
import { plural } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import { Refused } from '../../parts/Failed.js';
import { FigureTable } from '../../parts/FigureTable.js';
import parts from '../../parts/parts.module.css';
import { numberText } from './axes.js';
import { outcomeOf } from './score-words.js';
import css from './scores.module.css';

/** How customers are spread over the scores, and where the thresholds of campaigns stand among them. */
export function Distribution({ kind: { kind, range } }: { readonly kind: ScoreKind }) {
  const { data, error } = useQuery(distributionQuery(kind));
  const text = range === null ? numberText : scoreText;
  return (
    <Card title="Which customers it finds" aside={data && `${plural(data.customers, 'customer')} with a score`}>
      {!data && (error ? <Refused problem={asProblem(error)} /> : <p className={parts.soft}>Loading.</p>)}
      {data?.customers === 0 && (
        <p className={parts.soft}>Nobody has this score yet. It is computed by the next sweep, or sent with POST /v1/scores.</p>
      )}
      {data && data.customers > 0 && (
        <>
          <Bars of={data} text={text} />
          <Thresholds of={data} text={text} />
          <FigureTable
            of="The distribution"
            head={['From', 'To', 'Customers']}
            rows={data.bins.map(({ from, to, customers }) => [text(from), text(to), count(customers)])}
          />
        </>
      )}
    </Card>
  );
}

interface PartProps {
  readonly of: ScoreDistribution;
  readonly text: (value: number) => string;
}

function Bars({ of: { bins, thresholds }, text }: PartProps) {
  const most = Math.max(...bins.map(({ customers }) => customers), 1);
  const [low, high] = [bins[0]?.from ?? 0, bins.at(-1)?.to ?? 1];
  const at = (value: number): string => percent(Math.min(1, Math.max(0, (value - low) / (high - low || 1))), 2);
  return (
    <div aria-hidden>
      <div className={css.bins}>
        {bins.map(({ from, customers }) => (
          <i key={from} style={{ height: percent(customers / most, 2) }} />
        ))}
        {thresholds.map(({ campaign, risesAbove }) => (
          <b key={campaign.key} style={{ left: at(risesAbove) }} />
        ))}
      </div>
      <div className={css.xAxis}>
        {[low, (low + high) / 2, high].map((value, place) => (
          <span key={value} style={{ left: `${String(place * 50)}%`, transform: `translateX(-${String(place * 50)}%)` }}>
            {text(value)}
          </span>
        ))}
      </div>
    </div>
  );
}

function Thresholds({ of: { kind, thresholds }, text }: PartProps) {
  if (thresholds.length === 0) return <p className={parts.soft}>No campaign starts with this score.</p>;
  return (
    <ul className={css.thresholds}>
      {thresholds.map(({ campaign, risesAbove, customers, past }) => (
        <li key={campaign.key}>
          <b>
            At {text(risesAbove)}: {plural(customers, 'customer')}
          </b>
          {past !== null && past.customers > 0 && `, of whom ${percent(past.happened / past.customers, 0)} ${outcomeOf(kind)} in the past`}
          <span className={parts.soft}>
            {' '}
            · starts{' '}
            <Link to="/campaigns/$campaign" params={{ campaign: campaign.key }}>
              {campaign.title}
            </Link>
          </span>
        </li>
      ))}
    </ul>
  );
}
