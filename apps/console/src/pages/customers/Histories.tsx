import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { customerDecisionsQuery, customerMessagesQuery, customerResponsesQuery } from '../../api/customer-queries.js';
import { campaignsQuery } from '../../api/queries.js';
import type { CustomerResponse } from '../../api/types.js';
import { moment } from '../../format/time.js';
import { answerWord, channelName, decisionWord, meaningName, messageWord, shortReason } from '../../format/words.js';
import { Chip } from '../../parts/Chip.js';
import { EnrolmentLink } from '../../parts/EnrolmentLink.js';
import { RowTable } from '../../parts/RowTable.js';
import css from './customers.module.css';
import { HistoryCard } from './HistoryCard.js';

interface Of {
  readonly customer: string;
}

/** The title of a campaign by its id; outside of a campaign, the reference of the request. */
export function useCampaignTitle(): (id: string | null, reference: string | null) => string {
  const { data } = useQuery({ ...campaignsQuery, refetchInterval: 30_000 });
  return (id, reference) =>
    id === null ? (reference ?? 'no campaign') : (data?.items.find((campaign) => campaign.id === id)?.title ?? '');
}

/** Every decision about the customer with its reasons, also decisions to do nothing. */
export function Decisions({ customer }: Of) {
  const list = useInfiniteQuery(customerDecisionsQuery(customer));
  const titleOf = useCampaignTitle();
  return (
    <HistoryCard
      title="Decisions"
      aside="each links to its full history"
      list={list}
      nothing="Nothing has been decided about this customer."
    >
      {(rows) => (
        <RowTable
          rows={rows}
          keyOf={({ id }) => id}
          className={css.history}
          columns={[
            { head: 'When', cell: (row) => <EnrolmentLink enrolment={row.enrolmentId}>{moment(row.at)}</EnrolmentLink> },
            { head: 'Decision', cell: (row) => <Chip word={decisionWord(row.kind)} /> },
            { head: 'About', cell: (row) => (row.subject === null ? '' : channelName(row.subject)) },
            { head: 'Reasons', cell: (row) => row.reasons.map(shortReason).join(', ') },
            { head: 'For', cell: (row) => titleOf(row.campaignId, row.reference) },
          ]}
        />
      )}
    </HistoryCard>
  );
}

/** The customer's messages in the send ledger. */
export function Messages({ customer }: Of) {
  const list = useInfiniteQuery(customerMessagesQuery(customer));
  const titleOf = useCampaignTitle();
  return (
    <HistoryCard title="Messages" list={list} nothing="No message has been planned for this customer.">
      {(rows) => (
        <RowTable
          rows={rows}
          keyOf={({ id }) => id}
          className={css.history}
          columns={[
            { head: 'Planned', cell: (row) => <EnrolmentLink enrolment={row.enrolmentId}>{moment(row.plannedAt)}</EnrolmentLink> },
            { head: 'State', cell: (row) => <Chip word={messageWord(row.state)} /> },
            { head: 'Channel', cell: (row) => channelName(row.channel) },
            { head: 'Template', cell: (row) => row.template },
            { head: 'For', cell: (row) => titleOf(row.campaignId, row.reference) },
          ]}
        />
      )}
    </HistoryCard>
  );
}

/** The customer's answers, how each was classified, and its task at the desk. */
export function Responses({ customer }: Of) {
  const list = useInfiniteQuery(customerResponsesQuery(customer));
  return (
    <HistoryCard title="Answers and tasks" list={list} nothing="This customer has not answered yet.">
      {(rows) => (
        <RowTable
          rows={rows}
          keyOf={({ id }) => id}
          className={css.history}
          columns={[
            { head: 'Received', cell: (row) => <EnrolmentLink enrolment={row.enrolmentId}>{moment(row.receivedAt)}</EnrolmentLink> },
            { head: 'Classified as', cell: (row) => <Chip word={answerWord(row.answer)} /> },
            { head: 'Channel', cell: (row) => channelName(row.channel) },
            { head: 'Text', cell: (row) => row.text ?? '', className: css.words },
            { head: 'Task', cell: (row) => <TaskText task={row.task} /> },
          ]}
        />
      )}
    </HistoryCard>
  );
}

function TaskText({ task }: Pick<CustomerResponse, 'task'>) {
  if (task === null) return null;
  const state = task.closedAt === null ? 'open' : 'closed';
  return (
    <Link to="/desk" search={{ state, kind: task.kind }}>
      {task.closedAt === null ? `open, due ${moment(task.dueAt)}` : `closed as ${meaningName(task.resolution ?? 'none')}`}
    </Link>
  );
}
