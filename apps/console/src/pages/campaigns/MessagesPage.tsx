import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { exportHref, messagesQuery, reportQuery } from '../../api/queries.js';
import { moment } from '../../format/time.js';
import { channelCodes, channelName, messageStateCodes, messageWord } from '../../format/words.js';
import { CampaignList } from '../../parts/CampaignList.js';
import { Chip } from '../../parts/Chip.js';
import { EnrolmentLink } from '../../parts/EnrolmentLink.js';
import { ExportButton } from '../../parts/ExportButton.js';

const route = getRouteApi('/campaigns/$campaign/messages');

/** The ledger's rows behind the counts of messages. */
export function MessagesPage() {
  const { campaign } = route.useParams();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const { data: report } = useQuery(reportQuery(campaign));
  const list = useInfiniteQuery(messagesQuery(report?.campaign.id, filter));
  return (
    <CampaignList
      campaign={campaign}
      title="Messages"
      sub="The send ledger, newest first; each row links to the customer’s full history."
      actions={<ExportButton href={exportHref(campaign, 'messages', { ...filter })} />}
      by={[
        {
          name: 'state',
          label: 'State',
          value: filter.state,
          choices: messageStateCodes.map((value) => ({ value, label: messageWord(value).text })),
        },
        {
          name: 'channel',
          label: 'Channel',
          value: filter.channel,
          choices: channelCodes.map((value) => ({ value, label: channelName(value) })),
        },
      ]}
      set={(name, value) => void navigate({ to: '.', search: { ...filter, [name]: value }, replace: true })}
      list={list}
      what="messages"
      nobody="There is no such message."
      columns={[
        { head: 'Planned', cell: (row) => <EnrolmentLink enrolment={row.enrolmentId}>{moment(row.plannedAt)}</EnrolmentLink> },
        { head: 'State', cell: (row) => <Chip word={messageWord(row.state)} /> },
        { head: 'Channel', cell: (row) => channelName(row.channel) },
        { head: 'Template', cell: (row) => row.template },
        { head: 'Submitted', cell: (row) => (row.submittedAt === null ? '' : moment(row.submittedAt)) },
        { head: 'Provider’s code', cell: (row) => row.errorCode ?? '' },
      ]}
    />
  );
}
