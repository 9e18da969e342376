import Table from 'cli-table3';
import { formatMoney } from '../../../../libs/platform/money.js';
import type { DemoSummary } from './summary.js';

/** The demo's final table, for people. */
export function summaryTable(summary: DemoSummary): string {
  const table = new Table({ style: { head: [], border: [] }, wordWrap: true, colWidths: [26, 84] });
  const currency = summary.budget.currency;
  const money = (minor: number): string => formatMoney({ minor: Math.round(minor), currency });
  const points = (share: number): string => `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)}`;
  const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
  const { lift, keptRevenue, temporal, seconds, witness, messages } = summary;
  table.push(
    ['Customers', summary.customers.toLocaleString('en')],
    [
      'Churn score, validation set',
      `AUC ${summary.score.auc.toFixed(4)}, log-loss ${summary.score.logLoss.toFixed(4)}, calibration error ${summary.score.ece.toFixed(4)}`,
    ],
    ['Scores on made-up events', madeScores(summary)],
    ['Enrolled', `${summary.enrolled}, of them ${summary.holdout} held out`],
    ['Outcomes', counted(summary.outcomes)],
    ['Sent', `${messages.email.accepted} e-mails, ${messages.sms.accepted} texts, ${messages.unknown} unknown`],
    ['Witness', `${witness.email} e-mails and ${witness.sms} texts arrived; ${witness.doubled} doubled, ${witness.missing} missing`],
    ['Deferred', counted(summary.deferred)],
    ['Blocked', counted(summary.blocked)],
    ['Nothing pays', String(summary.decisions.none)],
    ['Answers', counted(summary.responses)],
    ['Offers', `${summary.offers.issued} issued, ${summary.offers.accepted} accepted`],
    ['Cost', `${money(summary.budget.spent)} of ${money(summary.budget.cap)}`],
    ['Still customers', `${percent(lift.treated)} treated, ${percent(lift.holdout)} held out`],
    ['Lift', `${points(lift.difference)} points (95% interval: ${points(lift.low)} to ${points(lift.high)})`],
    [
      'Kept revenue',
      keptRevenue === null
        ? 'not known'
        : `${money(keptRevenue.perMonth)} per month (95% interval: ${money(keptRevenue.low)} to ${money(keptRevenue.high)})`,
    ],
    [
      'A journey on Temporal',
      `${temporal.eventsPerJourney.toFixed(1)} history events, ${temporal.actionsPerJourney.toFixed(1)} billed actions (${temporal.journeys} journeys)`,
    ],
    ['Time taken', `${seconds.setUp.toFixed(0)} s set-up, ${seconds.score.toFixed(0)} s score, ${seconds.campaign.toFixed(0)} s campaign`],
  );
  return `${table.toString()}\nHow these people answer and churn is made up: the lift shows that the measurement works, not what a campaign achieves.`;
}

const madeScores = ({ madeScores: scores }: DemoSummary): string =>
  scores.map(({ kind, auc, why }) => (auc === null ? `${kind} not in use (${why})` : `${kind} AUC ${auc.toFixed(4)}`)).join(', ');

function counted(counts: Readonly<Record<string, number>>): string {
  const named = Object.entries(counts).filter(([, count]) => count > 0);
  return named.length === 0 ? 'none' : named.map(([name, count]) => `${name} ${count}`).join(', ');
}
