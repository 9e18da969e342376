import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { StepPicture } from '../../../../../libs/measurement/report-shape.js';
import { enrolmentsQuery, exportHref, reportQuery, type EnrolmentFilter } from '../../api/queries.js';
import type { EnrolmentSummary } from '../../api/types.js';
import { scoreText } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { customerName, enrolmentStates, outcomeCodes, outcomeWord, standingWord, stateWord } from '../../format/words.js';
import { CampaignList } from '../../parts/CampaignList.js';
import { Chip } from '../../parts/Chip.js';
import { CustomerLink } from '../../parts/CustomerLink.js';
import { EnrolmentLink } from '../../parts/EnrolmentLink.js';
import { ExportButton } from '../../parts/ExportButton.js';
import type { Narrowing } from '../../parts/Filters.js';
import css from '../../parts/list.module.css';
import type { Column } from '../../parts/RowTable.js';

const route = getRouteApi('/campaigns/$campaign/enrolments');

/** The rows behind a campaign's counts. The filter is in the address. */
export function EnrolmentsPage() {
  const { campaign } = route.useParams();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(enrolmentsQuery(campaign, filter));
  const { data: report } = useQuery(reportQuery(campaign));
  const narrowed = Object.values(filter).some(Boolean);
  return (
    <CampaignList
      campaign={campaign}
      title="Enrolments"
      sub="One row per customer; each name links to why they did, or didn’t, get something, and each number to the customer."
      actions={<ExportButton href={exportHref(campaign, 'enrolments', { ...filter })} />}
      by={narrowings(filter, report?.graph.steps ?? [])}
      set={(name, value) => void navigate({ to: '.', search: { ...filter, [name]: value }, replace: true })}
      list={list}
      what="enrolments"
      nobody={
        <>
          {filter.step === undefined ? 'Nobody is here.' : 'Nobody is at this step now.'}{' '}
          {narrowed && (
            <Link to="/campaigns/$campaign/enrolments" params={{ campaign }} search={{}}>
              Show all enrolments
            </Link>
          )}
        </>
      }
      columns={columnsOf(report?.graph.steps ?? [])}
    />
  );
}

function narrowings(filter: EnrolmentFilter, steps: readonly StepPicture[]): Narrowing<keyof EnrolmentFilter>[] {
  return [
    {
      name: 'state',
      label: 'State',
      value: filter.state,
      choices: enrolmentStates.map((value) => ({ value, label: stateWord(value).text })),
    },
    {
      name: 'outcome',
      label: 'Outcome',
      value: filter.outcome,
      choices: outcomeCodes.map((value) => ({ value, label: outcomeWord(value).text })),
    },
    {
      name: 'step',
      label: 'Step',
      value: filter.step,
      choices: steps.filter(({ kind }) => kind !== 'exit').map((step) => ({ value: step.id, label: stepLabel(step) })),
    },
    {
      name: 'arm',
      label: 'Group',
      value: filter.arm,
      choices: [
        { value: 'treated', label: 'Treated' },
        { value: 'holdout', label: 'Held out' },
      ],
    },
  ];
}

const stepLabel = (step: StepPicture): string => (step.detail === '' ? step.title : `${step.title}, ${step.detail}`);

function columnsOf(steps: readonly StepPicture[]): readonly [Column<EnrolmentSummary>, ...Column<EnrolmentSummary>[]] {
  const titles = new Map(steps.map((step) => [step.id, step.title]));
  const inside = (row: EnrolmentSummary, text: string): string => (row.state === 'closed' ? '' : text);
  return [
    { head: 'Customer', cell: (row) => <EnrolmentLink enrolment={row.id}>{customerName(row.customer)}</EnrolmentLink> },
    {
      head: 'Number',
      cell: ({ customer }) => <CustomerLink customer={customer.id}>{customer.externalId}</CustomerLink>,
      className: css.anywhere,
    },
    { head: 'Group', cell: (row) => (row.arm === 'treated' ? 'treated' : 'held out') },
    { head: 'Standing', cell: (row) => <Chip word={standingWord(row)} /> },
    { head: 'Step', cell: (row) => inside(row, row.step === null ? '' : (titles.get(row.step) ?? row.step)) },
    { head: 'Waits until', cell: (row) => inside(row, row.waitingUntil === null ? '' : moment(row.waitingUntil)) },
    { head: 'Entered', cell: (row) => (row.enteredAt === null ? '' : moment(row.enteredAt)) },
    { head: 'Score', cell: (row) => (row.triggerScore === null ? '' : scoreText(row.triggerScore)) },
  ];
}
