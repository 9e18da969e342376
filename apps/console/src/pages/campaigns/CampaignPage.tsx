import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { asProblem } from '../../api/problem.js';
import { reportQuery } from '../../api/queries.js';
import type { CampaignReport } from '../../api/types.js';
import { count, percent } from '../../format/number.js';
import { campaignDay, moment } from '../../format/time.js';
import { stateWord } from '../../format/words.js';
import { Chip } from '../../parts/Chip.js';
import { Failed, Stale } from '../../parts/Failed.js';
import { Loading } from '../../parts/Loading.js';
import { Notice } from '../../parts/Notice.js';
import { PageHead } from '../../parts/PageHead.js';
import { Answers } from './Answers.js';
import css from './campaigns.module.css';
import { Commands } from './Commands.js';
import { EnrolByHand } from './enrol/EnrolByHand.js';
import { Feed } from './Feed.js';
import { Holdout } from './Holdout.js';
import { Journey } from './journey/Journey.js';
import { Kpis } from './Kpis.js';
import { Messages } from './Messages.js';
import { Offers } from './Offers.js';
import { Versions } from './Versions.js';

const route = getRouteApi('/campaigns/$campaign');

export function CampaignPage() {
  const { campaign } = route.useParams();
  const { data: report, error, dataUpdatedAt, refetch } = useQuery(reportQuery(campaign));
  if (!report && error) return <Failed problem={asProblem(error)} again={() => void refetch()} />;
  if (!report) return <Loading what="Loading the campaign" />;
  return (
    <>
      <Stale problem={error ? asProblem(error) : null} since={dataUpdatedAt} />
      <Head report={report} />
      <PausedAutomatically report={report} />
      <DemoNotice report={report} />
      <Kpis report={report} />
      <div className={css.row}>
        <Journey report={report} />
      </div>
      <div className={css.thirds}>
        <Holdout report={report} />
        <Messages report={report} />
        <Feed campaign={report.campaign.key} now={report.clock.now} />
      </div>
      <div className={css.halves}>
        <Offers report={report} />
        <Answers report={report} />
      </div>
      <Versions report={report} />
    </>
  );
}

/** The campaign paused automatically: shows the reason, and what a resume means. */
function PausedAutomatically({ report: { campaign } }: { readonly report: CampaignReport }) {
  if (campaign.pauseReason === null) return null;
  return (
    <Notice grave>
      <b>This campaign paused automatically.</b> {campaign.pauseReason} Everyone stays at their step, and nothing is sent. See{' '}
      <Link to="/campaigns/$campaign/messages" params={{ campaign: campaign.key }} search={{ state: 'bounced' }}>
        what came back
      </Link>{' '}
      and put its cause right first: a resume lets everyone go on, and counts again from there.
    </Notice>
  );
}

/** What a reader must know about a demo: where its answers come from, and how fast its clock runs. */
function DemoNotice({ report: { madeUp, madeUpPeople, clock } }: { readonly report: CampaignReport }) {
  const fast = clock.speed !== 1;
  if (!madeUp && !madeUpPeople && !fast) return null;
  return (
    <Notice>
      {madeUp &&
        'Answers in this demo come from a made-up population: they show that the measurement works, not what a campaign achieves. '}
      {!madeUp && madeUpPeople && 'Names, addresses or consents of some customers were made up: they cannot answer. '}
      {fast && `The campaign clock runs ${count(clock.speed)} times as fast, and shows ${moment(clock.now)}.`}
    </Notice>
  );
}

function Head({ report }: { readonly report: CampaignReport }) {
  const { campaign, clock } = report;
  const running = campaign.state === 'live' || campaign.state === 'paused';
  const day = running ? campaignDay(campaign.launchedAt, clock.now, campaign.windowDays) : null;
  const { text, tone } = stateWord(campaign.state);
  return (
    <PageHead
      title={campaign.title}
      up={<Link to="/campaigns">Campaigns</Link>}
      chip={<Chip dot word={{ tone, text: day === null ? text : `${text}, ${day}` }} />}
      actions={
        <>
          <EnrolByHand report={report} />
          <Commands report={report} />
        </>
      }
      sub={
        <>
          Starts {campaign.trigger !== 'by hand' && 'when '}
          <b>{campaign.trigger}</b> · {campaign.audience} · {percent(campaign.holdout, 0)} held out · version {campaign.version}
        </>
      }
    />
  );
}
