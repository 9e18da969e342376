import { VisuallyHidden } from '@mantine/core';
import type { ArmRate, CampaignLift, GoalRate } from '../../../../../libs/measurement/report-shape.js';
import type { CampaignReport } from '../../api/types.js';
import { count, money, percent, probability } from '../../format/number.js';
import { campaignDay } from '../../format/time.js';
import { Card } from '../../parts/Card.js';
import { CountLink } from '../../parts/CountLink.js';
import parts from '../../parts/parts.module.css';
import css from './campaigns.module.css';
import { leadingGoal } from './leading-goal.js';
import { rateAxis } from './rate-axis.js';

/** Below this the groups differ too much from the planned split; the usual bound for a sample-ratio check. */
const suspicious = 0.001;

export function Holdout({ report }: { readonly report: CampaignReport }) {
  const { lift, campaign, clock } = report;
  const day = campaignDay(campaign.launchedAt, clock.now, campaign.windowDays);
  const goal = lift === null ? null : leadingGoal(lift);
  const aside = lift?.basis === 'measured' ? `after ${campaign.windowDays} days` : day;
  return (
    <Card title="Against the holdout" aside={aside}>
      {lift === null ? (
        <p className={parts.soft}>There is nothing to compare until both groups have customers.</p>
      ) : (
        <>
          {goal !== null && (
            <Compared what="Goal reached" campaign={campaign.key} treated={ofGoal(goal.treated)} holdout={ofGoal(goal.holdout)} />
          )}
          <Compared what="Still customers" campaign={campaign.key} treated={ofStay(lift.treated)} holdout={ofStay(lift.holdout)} />
          <Revenue lift={lift} currency={campaign.currency} />
          <RatioCheck ratio={lift.sampleRatio} />
        </>
      )}
    </Card>
  );
}

/** A share of an arm. */
interface Share {
  readonly n: number;
  readonly count: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

const ofStay = ({ retained, ...rest }: ArmRate): Share => ({ ...rest, count: retained });
const ofGoal = ({ reached, ...rest }: GoalRate): Share => ({ ...rest, count: reached });

interface ComparedProps {
  readonly what: string;
  readonly campaign: string;
  readonly treated: Share;
  readonly holdout: Share;
}

function Compared(props: ComparedProps) {
  return (
    <>
      <h3 className={css.compared}>{props.what}</h3>
      <Plot {...props} />
      <RateTable {...props} />
    </>
  );
}

function Plot({ treated, holdout, campaign }: ComparedProps) {
  const axis = rateAxis([treated.low, treated.high, holdout.low, holdout.high]);
  const at = (rate: number): string => `${(100 * (rate - axis.low)) / (axis.high - axis.low)}%`;
  const arms = [
    { name: 'Treated', arm: 'treated', tone: 'leaf', rate: treated },
    { name: 'Held out', arm: 'holdout', tone: 'stone', rate: holdout },
  ] as const;
  return (
    <div className={css.plot}>
      {arms.map(({ name, arm, tone, rate }) => (
        <div key={arm} className={css.plotRow}>
          <span>
            {name}
            <br />
            <span className={css.small}>
              <CountLink campaign={campaign} rows={{ arm }}>
                {count(rate.n)}
              </CountLink>
            </span>
          </span>
          <span className={css.track} data-tone={tone} aria-hidden>
            {axis.ticks.map((tick) => (
              <i key={tick} className={css.grid} style={{ left: at(tick) }} />
            ))}
            <i className={css.range} style={{ left: at(rate.low), width: `calc(${at(rate.high)} - ${at(rate.low)})` }} />
            <i className={css.dot} style={{ left: at(rate.rate) }} />
            <b style={within(at(rate.rate))}>{percent(rate.rate)}</b>
          </span>
        </div>
      ))}
      <div className={css.plotRow} aria-hidden>
        <span />
        <span className={css.axis}>
          {labelled(axis.ticks).map((tick) => (
            <span key={tick} style={within(at(tick))}>
              {percent(tick, 0)}
            </span>
          ))}
        </span>
      </div>
    </div>
  );
}

/** Places a label at a point of the axis: in the middle over it, and towards the ends within the axis. */
const within = (left: string): { readonly left: string; readonly transform: string } => ({ left, transform: `translateX(-${left})` });

/** Of many ticks every other one, so that the labels do not touch. */
const labelled = (ticks: readonly number[]): readonly number[] => (ticks.length > 4 ? ticks.filter((_, at) => at % 2 === 0) : ticks);

/** The plot's figures for screen readers. */
function RateTable({ what, treated, holdout }: ComparedProps) {
  const row = (name: string, arm: Share) => (
    <tr>
      <th scope="row">{name}</th>
      <td>{count(arm.n)}</td>
      <td>{count(arm.count)}</td>
      <td>{percent(arm.rate)}</td>
      <td>
        {percent(arm.low)} to {percent(arm.high)}
      </td>
    </tr>
  );
  return (
    <VisuallyHidden>
      <table>
        <caption>{what}, by group</caption>
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col">Customers</th>
            <th scope="col">{what}</th>
            <th scope="col">Share</th>
            <th scope="col">95% interval</th>
          </tr>
        </thead>
        <tbody>
          {row('Treated', treated)}
          {row('Held out', holdout)}
        </tbody>
      </table>
    </VisuallyHidden>
  );
}

/** Compared with each customer's charge at entry, so that a more expensive contract in one of the groups makes no difference. */
function Revenue({ lift: { revenue, treated, holdout }, currency }: { readonly lift: CampaignLift; readonly currency: string }) {
  if (revenue === null) return <p className={parts.soft}>Too few customers have a charge in {currency} to compare their revenue.</p>;
  const without = treated.n + holdout.n - revenue.treatedCharged - revenue.holdoutCharged;
  const amount = (minor: number): string => money(minor, currency, { exact: true });
  return (
    <table className={`${parts.table} ${parts.plain} ${css.revenue}`}>
      <tbody>
        <tr>
          <td>Change of monthly revenue each, treated</td>
          <td className={parts.number}>{amount(revenue.treatedMean)}</td>
        </tr>
        <tr>
          <td>Change of monthly revenue each, held out</td>
          <td className={parts.number}>{amount(revenue.holdoutMean)}</td>
        </tr>
        <tr>
          <td>
            Difference{' '}
            <span className={parts.soft}>
              95% interval: {amount(revenue.low)} to {amount(revenue.high)}
            </span>
          </td>
          <td className={parts.number}>{amount(revenue.difference)}</td>
        </tr>
        {without > 0 && (
          <tr>
            <td className={parts.soft} colSpan={2}>
              {count(without)} without a charge in {currency} are left out.
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function RatioCheck({ ratio }: { readonly ratio: CampaignLift['sampleRatio'] }) {
  if (ratio.p >= suspicious) {
    return (
      <p className={parts.soft}>
        Groups as planned: {percent(ratio.actual)} held out (p = {probability(ratio.p)}).
      </p>
    );
  }
  return (
    <p role="note" className={css.warning}>
      Groups are not as planned: {percent(ratio.expected)} should be held out, {percent(ratio.actual)} are (p {probability(ratio.p)}). Do
      not trust the comparison before this is explained.
    </p>
  );
}
