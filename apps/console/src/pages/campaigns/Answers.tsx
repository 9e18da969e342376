import type { CampaignReport } from '../../api/types.js';
import { count } from '../../format/number.js';
import { answerWord, plural } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import parts from '../../parts/parts.module.css';
import css from './campaigns.module.css';

/** How customers answered, most frequent first. */
export function Answers({ report }: { readonly report: CampaignReport }) {
  const answers = Object.entries(report.responses)
    .filter(([, n]) => n > 0)
    .sort(([, a], [, b]) => b - a);
  const total = answers.reduce((sum, [, n]) => sum + n, 0);
  const most = Math.max(1, ...answers.map(([, n]) => n));
  return (
    <Card title="Answers" aside={total > 0 ? plural(total, 'answer') : undefined}>
      {total === 0 ? (
        <p className={parts.soft}>Nobody has answered yet. Answers by SMS, e-mail and link are counted here as they come.</p>
      ) : (
        <table className={css.bars}>
          <thead>
            <tr>
              <th scope="col">Answer</th>
              <th scope="col" aria-hidden />
              <th scope="col">Customers</th>
            </tr>
          </thead>
          <tbody>
            {answers.map(([answer, n]) => (
              <tr key={answer}>
                <th scope="row">{answerWord(answer).text}</th>
                <td aria-hidden>
                  <i data-tone={answerWord(answer).tone} style={{ width: `${(100 * n) / most}%` }} />
                </td>
                <td>{count(n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
