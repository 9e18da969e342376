import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { asProblem } from '../../api/problem.js';
import { campaignsQuery } from '../../api/queries.js';
import type { CampaignSummary } from '../../api/types.js';
import { count, money } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { stateWord } from '../../format/words.js';
import { Chip } from '../../parts/Chip.js';
import { CountLink } from '../../parts/CountLink.js';
import { Failed, Stale } from '../../parts/Failed.js';
import list from '../../parts/list.module.css';
import { Loading } from '../../parts/Loading.js';
import { PageHead } from '../../parts/PageHead.js';
import parts from '../../parts/parts.module.css';
import css from './campaigns.module.css';
import { BudgetBar } from './Kpis.js';

export function CampaignsPage() {
  const { data, error, dataUpdatedAt, refetch } = useQuery(campaignsQuery);
  if (!data && error) return <Failed problem={asProblem(error)} again={() => void refetch()} />;
  if (!data) return <Loading what="Loading the campaigns" />;
  const campaigns = data.items;
  return (
    <>
      <Stale problem={error ? asProblem(error) : null} since={dataUpdatedAt} />
      <PageHead title="Campaigns" sub={campaigns.length === 0 ? undefined : summary(campaigns)} />
      {campaigns.length === 0 ? <FirstCampaign /> : <CampaignTable campaigns={campaigns} />}
    </>
  );
}

function summary(campaigns: readonly CampaignSummary[]): string {
  const sum = (pick: (campaign: CampaignSummary) => number): string => count(campaigns.reduce((all, each) => all + pick(each), 0));
  const live = campaigns.filter(({ state }) => state === 'live').length;
  return `${count(live)} live · ${sum(({ underway }) => underway)} customers under way · ${sum(({ saved }) => saved)} saved`;
}

function CampaignTable({ campaigns }: { readonly campaigns: readonly CampaignSummary[] }) {
  return (
    <div className={list.listCard}>
      <table className={`${list.list} ${css.campaigns}`}>
        <thead>
          <tr>
            <th scope="col">Campaign</th>
            <th scope="col">State</th>
            <th scope="col">Enrolled</th>
            <th scope="col">Under way</th>
            <th scope="col">Saved</th>
            <th scope="col">Budget for offers</th>
          </tr>
        </thead>
        <tbody>
          {campaigns.map((campaign) => (
            <CampaignRow key={campaign.id} campaign={campaign} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CampaignRow({ campaign }: { readonly campaign: CampaignSummary }) {
  const { key, budget } = campaign;
  return (
    <tr>
      <th scope="row">
        <Link to="/campaigns/$campaign" params={{ campaign: key }}>
          {campaign.title}
        </Link>
        <span className={css.small}>
          version {campaign.version}
          {campaign.launchedAt !== null && `, launched ${moment(campaign.launchedAt)}`}
        </span>
      </th>
      <td data-label="State">
        <Chip dot word={stateWord(campaign.state)} />
      </td>
      <td data-label="Enrolled">
        <CountLink campaign={key} rows={{}}>
          {count(campaign.enrolled)}
        </CountLink>
      </td>
      <td data-label="Under way">
        <CountLink campaign={key} rows={{ state: 'entered', arm: 'treated' }}>
          {count(campaign.underway)}
        </CountLink>
      </td>
      <td data-label="Saved">
        <CountLink campaign={key} rows={{ outcome: 'saved' }}>
          {count(campaign.saved)}
        </CountLink>
      </td>
      <td data-label="Budget for offers">
        <span>
          {money(budget.reserved, budget.currency)} <span className={parts.soft}>of {money(budget.cap, budget.currency)}</span>
        </span>
        <BudgetBar spent={budget.spent} reserved={budget.reserved - budget.spent} cap={budget.cap} />
      </td>
    </tr>
  );
}

/** Before the first campaign: how to make and launch one. */
function FirstCampaign() {
  return (
    <section className={css.first}>
      <h2>No campaign yet</h2>
      <p>
        A campaign is a file that says which customers to keep, what to offer them, and how long to wait for an answer. To launch the first
        one:
      </p>
      <ol>
        <li>
          Take <code>config/campaigns/save-at-risk.yaml</code>, or write your own.
        </li>
        <li>
          See what it would do; every mistake is shown with its line:
          <pre tabIndex={0}>perennial campaign validate config/campaigns/save-at-risk.yaml</pre>
        </li>
        <li>
          Launch it:
          <pre tabIndex={0}>perennial campaign launch config/campaigns/save-at-risk.yaml</pre>
        </li>
        <li>It then appears here, with everything that happens to its customers.</li>
      </ol>
    </section>
  );
}
