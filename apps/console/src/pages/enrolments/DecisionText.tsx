import type { DecisionRow } from '../../api/types.js';
import { money } from '../../format/number.js';
import { moment, momentThere } from '../../format/time.js';
import { channelInText, reasonSentence, type Tone } from '../../format/words.js';
import parts from '../../parts/parts.module.css';
import css from './enrolments.module.css';
import type { Names } from './verdict.js';

const titles: Readonly<Record<DecisionRow['kind'], (subject: string, names: Names) => { tone: Tone; title: string }>> = {
  assess: () => ({ tone: 'stone', title: 'Checked again' }),
  treat: (subject, names) => ({ tone: 'leaf', title: `Decided to offer ${names.treatment(subject)}` }),
  none: () => ({ tone: 'stone', title: 'Decided to offer nothing' }),
  send: (subject) => ({ tone: 'leaf', title: `Decided to send by ${channelInText(subject)}` }),
  defer: (subject) => ({ tone: 'amber', title: `Deferred: not yet by ${channelInText(subject)}` }),
  block: (subject) => ({ tone: 'rose', title: `Blocked: not by ${channelInText(subject)}` }),
};

export const decisionTitle = (decision: DecisionRow, names: Names): { tone: Tone; title: string } =>
  titles[decision.kind](decision.subject ?? 'any channel', names);

interface DecisionTextProps {
  readonly decision: DecisionRow;
  readonly names: Names;
  readonly currency: string;
  readonly timeZone: string | null;
}

/** The reasons in words, and all candidates. */
export function DecisionText({ decision, names, currency, timeZone }: DecisionTextProps) {
  const there = decision.until === null ? null : momentThere(decision.until, timeZone);
  return (
    <>
      {decision.reasons.length > 0 && <p>{decision.reasons.map(reasonSentence).join(' ')}</p>}
      {decision.until !== null && (
        <p>
          Tried again {moment(decision.until)}
          {there !== null && `, which is ${there}`}.
        </p>
      )}
      {decision.candidates.length > 0 && <Candidates decision={decision} names={names} currency={currency} />}
    </>
  );
}

function Candidates({ decision, names, currency }: Omit<DecisionTextProps, 'timeZone'>) {
  const candidates = [...decision.candidates].sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
  const chosen = decision.kind === 'treat' || decision.kind === 'send' ? decision.subject : null;
  return (
    <div className={parts.scroll}>
      <table className={`${parts.table} ${css.candidates}`}>
        <thead>
          <tr>
            <th scope="col">Candidate</th>
            <th scope="col" className={parts.number}>
              Expected profit
            </th>
            <th scope="col">Because</th>
          </tr>
        </thead>
        <tbody>
          {candidates.map((candidate) => (
            <tr key={candidate.key} data-chosen={candidate.key === chosen || undefined}>
              <td>
                {names.treatment(candidate.key)}
                {candidate.key === chosen && <span className={parts.soft}> chosen</span>}
              </td>
              <td className={parts.number}>{candidate.value === null ? '' : money(candidate.value, currency, { signed: true })}</td>
              <td>{candidate.reasons.map(reasonSentence).join(' ') || (candidate.eligible ? 'Eligible.' : 'Not eligible.')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
