import type { ReactNode } from 'react';
import type { CampaignLift } from '../../../../../libs/measurement/report-shape.js';
import type { CampaignReport } from '../../api/types.js';
import { count, inPoints, money } from '../../format/number.js';
import { outcomeWord } from '../../format/words.js';
import { CountLink } from '../../parts/CountLink.js';
import css from './campaigns.module.css';
import { leadingGoal } from './leading-goal.js';

/** The figures that a marketer opens the page for, the most important first. */
export function Kpis({ report }: { readonly report: CampaignReport }) {
  const { entered, underway, outcomes, budget, offers } = report;
  const { key, currency } = report.campaign;
  const reserved = budget.reserved - budget.spent;
  return (
    <div className={css.kpis}>
      <Kept report={report} />
      <Kpi title="Entered" sub={<EnteredSub report={report} />}>
        <CountLink campaign={key} rows={{}}>
          {count(entered.total)}
        </CountLink>
      </Kpi>
      <Kpi
        title="Under way"
        sub={
          underway.paused > 0 ? (
            <CountLink campaign={key} rows={{ state: 'paused' }}>
              {count(underway.paused)} paused
            </CountLink>
          ) : (
            waitingSub(report)
          )
        }
      >
        <CountLink
          campaign={key}
          rows={{ state: underway.paused > 0 && underway.paused === underway.total ? 'paused' : 'entered', arm: 'treated' }}
        >
          {count(underway.total)}
        </CountLink>
      </Kpi>
      <Kpi title="Saved" sub={<OtherEndings report={report} />}>
        <CountLink campaign={key} rows={{ outcome: 'saved' }}>
          {count(outcomes['saved'] ?? 0)}
        </CountLink>
      </Kpi>
      <Kpi
        title="Offers"
        sub={
          <>
            of {money(budget.cap, currency)} · {money(budget.spent, currency)} spent, {money(reserved, currency)} reserved for{' '}
            {count(offers.open)} open
            <BudgetBar spent={budget.spent} reserved={reserved} cap={budget.cap} />
          </>
        }
      >
        {money(budget.reserved, currency)}
      </Kpi>
    </div>
  );
}

function Kpi({ title, sub, children }: { readonly title: string; readonly sub: ReactNode; readonly children: ReactNode }) {
  return (
    <section className={css.kpi}>
      <h2>{title}</h2>
      <p className={css.figure}>{children}</p>
      <div className={css.under}>{sub}</div>
    </section>
  );
}

/** The main figure: what the campaign kept compared with the holdout, always with its interval. */
function Kept({ report }: { readonly report: CampaignReport }) {
  const { lift, campaign, entered } = report;
  if (lift === null) {
    const missing = entered.treated === 0 ? 'treated' : 'held out';
    return (
      <section className={css.lead}>
        <h2>Kept against holdout</h2>
        <p className={css.figure}>Not yet known</p>
        <p className={css.under}>
          {entered.total === 0 ? 'Known when customers have entered both groups' : `Known when a customer is ${missing}`}; final when the
          last of them has been in for {campaign.windowDays} days.
        </p>
      </section>
    );
  }
  const soFar = lift.basis === 'so-far' && ', so far';
  const goal = leadingGoal(lift);
  if (goal === null) {
    return (
      <section className={css.lead} data-lost={lift.high < 0 || undefined}>
        <h2>Kept against holdout{soFar}</h2>
        <p className={css.figure}>{inPoints(lift.difference, true)} points</p>
        <Between low={lift.low} high={lift.high} />
        <KeptRevenue lift={lift} currency={campaign.currency} />
        {lift.goal !== null && <p className={css.under}>Nobody in either group has reached the goal: {lift.goal.rule}</p>}
      </section>
    );
  }
  return (
    <section className={css.lead} data-lost={goal.high < 0 || undefined}>
      <h2>Goal reached, against holdout{soFar}</h2>
      <p className={css.figure}>{inPoints(goal.difference, true)} points</p>
      <Between low={goal.low} high={goal.high} />
      <p className={css.under}>
        Still customers: {inPoints(lift.difference, true)} points (95% interval: {inPoints(lift.low)} to {inPoints(lift.high)})
      </p>
      <KeptRevenue lift={lift} currency={campaign.currency} />
    </section>
  );
}

/** The interval of the difference. One that includes 0 is no proof of an effect, and says so first. */
function Between({ low, high }: { readonly low: number; readonly high: number }) {
  const interval = `${inPoints(low)} to ${inPoints(high)} points`;
  return (
    <p className={css.under}>
      {low <= 0 && high >= 0
        ? `Not yet shown: the difference may be chance (its 95% interval, ${interval}, includes 0)`
        : `95% interval: ${interval}`}
    </p>
  );
}

function KeptRevenue({ lift: { revenue }, currency }: { readonly lift: CampaignLift; readonly currency: string }) {
  if (revenue === null) return <p className={css.under}>Kept revenue is not known: too few customers have a charge in {currency}</p>;
  const amount = (minor: number): string => money(minor, currency);
  return (
    <p className={css.under}>
      {amount(revenue.keptTotal)} per month (95% interval: {amount(revenue.keptLow)} to {amount(revenue.keptHigh)})
    </p>
  );
}

function EnteredSub({ report }: { readonly report: CampaignReport }) {
  const { entered } = report;
  const { key } = report.campaign;
  return (
    <>
      <CountLink campaign={key} rows={{ arm: 'treated' }}>
        {count(entered.treated)} treated
      </CountLink>{' '}
      ·{' '}
      <CountLink campaign={key} rows={{ arm: 'holdout' }}>
        {count(entered.holdout)} held out
      </CountLink>
      {entered.pending > 0 && (
        <div>
          <CountLink campaign={key} rows={{ state: 'pending' }}>
            {count(entered.pending)} about to enter
          </CountLink>
        </div>
      )}
    </>
  );
}

/** The step with the most waiting customers. */
function waitingSub(report: CampaignReport): ReactNode {
  const [step, waiting] = Object.entries(report.underway.byStep).sort(([, a], [, b]) => b - a)[0] ?? [];
  if (step === undefined || waiting === undefined || waiting === 0) return 'nobody waits';
  const { title, detail } = report.graph.steps.find(({ id }) => id === step) ?? { title: step, detail: '' };
  const name = detail === '' ? title : `${title}, ${detail}`;
  return (
    <CountLink campaign={report.campaign.key} rows={{ step }}>
      {count(waiting)} at “{name}”
    </CountLink>
  );
}

/** The other outcomes of customers who got an offer. */
const answeredOrNot = ['declined', 'lapsed'] as const;

function OtherEndings({ report }: { readonly report: CampaignReport }) {
  const counted = answeredOrNot.flatMap((outcome): [string, number][] => {
    const n = report.outcomes[outcome] ?? 0;
    return n > 0 ? [[outcome, n]] : [];
  });
  if (counted.length === 0) return 'nobody declined or lapsed';
  return counted.map(([outcome, n], at) => (
    <span key={outcome}>
      {at > 0 && ' · '}
      <CountLink campaign={report.campaign.key} rows={{ outcome }}>
        {count(n)} {outcomeWord(outcome).text.toLowerCase()}
      </CountLink>
    </span>
  ));
}

/** Spent, and reserved for open offers, of the cap. */
export function BudgetBar({ spent, reserved, cap }: { readonly spent: number; readonly reserved: number; readonly cap: number }) {
  const share = (part: number): string => `${cap === 0 ? 0 : Math.min(100, (100 * part) / cap)}%`;
  return (
    <span className={css.bar} aria-hidden>
      <i style={{ width: share(spent) }} />
      <i data-open style={{ width: share(reserved) }} />
    </span>
  );
}
