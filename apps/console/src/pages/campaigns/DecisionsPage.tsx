import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { decisionsQuery, reportQuery } from '../../api/queries.js';
import { moment } from '../../format/time.js';
import { channelName, decisionKinds, decisionWord, reasonCodes, shortReason } from '../../format/words.js';
import { CampaignList } from '../../parts/CampaignList.js';
import { Chip } from '../../parts/Chip.js';
import { EnrolmentLink } from '../../parts/EnrolmentLink.js';

const route = getRouteApi('/campaigns/$campaign/decisions');

/** The stored decisions behind the counts of deferred, blocked and allowed. */
export function DecisionsPage() {
  const { campaign } = route.useParams();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const { data: report } = useQuery(reportQuery(campaign));
  const list = useInfiniteQuery(decisionsQuery(report?.campaign.id, filter));
  return (
    <CampaignList
      campaign={campaign}
      title="Decisions"
      sub="Every decision, including decisions to do nothing; each links to the customer’s full history."
      by={[
        {
          name: 'kind',
          label: 'Decision',
          value: filter.kind,
          choices: Object.entries(decisionKinds).map(([value, { text }]) => ({ value, label: text })),
        },
        {
          name: 'reason',
          label: 'Reason',
          value: filter.reason,
          choices: reasonCodes.map((value) => ({ value, label: shortReason(value) })),
        },
      ]}
      set={(name, value) => void navigate({ to: '.', search: { ...filter, [name]: value }, replace: true })}
      list={list}
      what="decisions"
      nobody="There is no such decision."
      columns={[
        { head: 'When', cell: (row) => <EnrolmentLink enrolment={row.enrolmentId}>{moment(row.at)}</EnrolmentLink> },
        { head: 'Decision', cell: (row) => <Chip word={decisionWord(row.kind)} /> },
        { head: 'About', cell: (row) => (row.subject === null ? '' : channelName(row.subject)) },
        { head: 'Reasons', cell: (row) => row.reasons.map(shortReason).join(', ') },
        { head: 'Tried again', cell: (row) => (row.until === null ? '' : moment(row.until)) },
      ]}
    />
  );
}
