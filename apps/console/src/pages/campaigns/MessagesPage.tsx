import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { exportHref, messagesQuery, reportQuery } from '../../api/queries.js';
import { moment } from '../../format/time.js';
import { channelCodes, channelName, messageStateCodes, messageWord } from '../../format/words.js';
import { CampaignList } from '../../parts/CampaignList.js';
import { Chip } from '../../parts/Chip.js';
import { ExportButton } from '../../parts/ExportButton.js';
import css from '../../parts/list.module.css';

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
      sub="The send ledger, newest first; each row leads to its customer’s whole story."
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
    >
      {(rows) => (
        <table className={css.list}>
          <thead>
            <tr>
              <th scope="col">Planned</th>
              <th scope="col">State</th>
              <th scope="col">Channel</th>
              <th scope="col">Template</th>
              <th scope="col">Handed over</th>
              <th scope="col">Provider said</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  {row.enrolmentId === null ? (
                    moment(row.plannedAt)
                  ) : (
                    <Link to="/enrolments/$enrolment" params={{ enrolment: row.enrolmentId }}>
                      {moment(row.plannedAt)}
                    </Link>
                  )}
                </th>
                <td data-label="State">
                  <Chip word={messageWord(row.state)} />
                </td>
                <td data-label="Channel">{channelName(row.channel)}</td>
                <td data-label="Template">{row.template}</td>
                <td data-label="Handed over">{row.submittedAt === null ? '' : moment(row.submittedAt)}</td>
                <td data-label="Provider said">{row.errorCode ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </CampaignList>
  );
}
