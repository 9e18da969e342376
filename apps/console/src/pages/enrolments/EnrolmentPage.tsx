import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { asProblem } from '../../api/problem.js';
import { enrolmentQuery, reportQuery } from '../../api/queries.js';
import type { CampaignReport, EnrolmentStory } from '../../api/types.js';
import { scoreText } from '../../format/number.js';
import { customerName, standingWord } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import { Chip } from '../../parts/Chip.js';
import { CustomerLink } from '../../parts/CustomerLink.js';
import { Failed, Stale } from '../../parts/Failed.js';
import { Loading } from '../../parts/Loading.js';
import { PageHead } from '../../parts/PageHead.js';
import { Trail } from '../../parts/Trail.js';
import { Verdict } from '../../parts/Verdict.js';
import { Timeline } from './Timeline.js';
import { verdict, type Names } from './verdict.js';

const route = getRouteApi('/enrolments/$enrolment');

/** Shows why this customer did, or did not, get something: the answer first, then the evidence. */
export function EnrolmentPage() {
  const { enrolment } = route.useParams();
  const { data: story, error, dataUpdatedAt, refetch } = useQuery(enrolmentQuery(enrolment));
  // The campaign's words for its steps; the page works without them.
  const { data: report } = useQuery({ ...reportQuery(story?.campaign.key ?? ''), enabled: story !== undefined, refetchInterval: 30_000 });
  if (!story && error) return <Failed problem={asProblem(error)} again={() => void refetch()} />;
  if (!story) return <Loading what="Loading the enrolment" />;
  const name = customerName(story.customer);
  const names = campaignNames(report);
  const currency = report?.campaign.currency ?? story.offers[0]?.currency ?? 'EUR';
  return (
    <>
      <Stale problem={error ? asProblem(error) : null} since={dataUpdatedAt} />
      <PageHead
        title={name}
        up={<Trail campaign={story.campaign.key} title={story.campaign.title} enrolments />}
        chip={<Chip dot word={standingWord(story)} />}
        sub={<Facts story={story} />}
      />
      <Verdict question={`Why did, or didn’t, ${name} get this?`} answer={verdict(story, names, currency)} />
      <Card title="What happened" aside="oldest first, in your time zone">
        <Timeline story={story} names={names} currency={currency} />
      </Card>
    </>
  );
}

function Facts({ story }: { readonly story: EnrolmentStory }) {
  const { customer, arm, triggerScore } = story;
  return (
    <>
      {arm === 'treated' ? 'treated' : 'held out'} · {triggerScore !== null && `score ${scoreText(triggerScore)} when enrolled · `}
      <CustomerLink customer={customer.id}>customer number {customer.externalId}</CustomerLink> · {customer.timeZone ?? 'zone not known'} ·{' '}
      {customer.locale}
    </>
  );
}

/** The campaign's names of its steps and treatments; their ids and keys if they are not known. */
function campaignNames(report: CampaignReport | undefined): Names {
  const steps = new Map(report?.graph.steps.map((step) => [step.id, step]));
  const treatments = new Map(report?.offers.byTreatment.map(({ treatment, title }) => [treatment, title]));
  return {
    step: (id) => {
      const step = steps.get(id);
      if (!step) return id;
      return step.detail === '' ? step.title : `${step.title}, ${step.detail}`;
    },
    isEnding: (id) => (steps.get(id)?.ends ?? null) !== null,
    treatment: (key) => treatments.get(key) ?? key,
  };
}
