import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { decisionsQuery, reportQuery } from '../../api/queries.js';
import { moment } from '../../format/time.js';
import { channelName, decisionKinds, decisionWord, reasonCodes, shortReason } from '../../format/words.js';
import { CampaignList } from '../../parts/CampaignList.js';
import { Chip } from '../../parts/Chip.js';
import css from '../../parts/list.module.css';

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
      sub="Every choice, also every choice not to do something; each leads to its customer’s whole story."
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
    >
      {(rows) => (
        <table className={css.list}>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Decision</th>
              <th scope="col">About</th>
              <th scope="col">Reasons</th>
              <th scope="col">Tried again</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  {row.enrolmentId === null ? (
                    moment(row.at)
                  ) : (
                    <Link to="/enrolments/$enrolment" params={{ enrolment: row.enrolmentId }}>
                      {moment(row.at)}
                    </Link>
                  )}
                </th>
                <td data-label="Decision">
                  <Chip word={decisionWord(row.kind)} />
                </td>
                <td data-label="About">{row.subject === null ? '' : channelName(row.subject)}</td>
                <td data-label="Reasons">{row.reasons.map(shortReason).join(', ')}</td>
                <td data-label="Tried again">{row.until === null ? '' : moment(row.until)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </CampaignList>
  );
}
