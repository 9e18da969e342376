import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { StepPicture } from '../../../../../libs/measurement/report-shape.js';
import { enrolmentsQuery, exportHref, reportQuery, type EnrolmentFilter } from '../../api/queries.js';
import type { CampaignReport, EnrolmentSummary } from '../../api/types.js';
import { scoreText } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { customerName, enrolmentStates, outcomeCodes, outcomeWord, standingWord, stateWord } from '../../format/words.js';
import { CampaignList } from '../../parts/CampaignList.js';
import { Chip } from '../../parts/Chip.js';
import { CustomerLink } from '../../parts/CustomerLink.js';
import { ExportButton } from '../../parts/ExportButton.js';
import type { Narrowing } from '../../parts/Filters.js';
import css from '../../parts/list.module.css';

const route = getRouteApi('/campaigns/$campaign/enrolments');

/** The rows behind a campaign's counts. What they are narrowed to stands in the address. */
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
    >
      {(rows) => <EnrolmentTable rows={rows} report={report} />}
    </CampaignList>
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

interface EnrolmentTableProps {
  readonly rows: readonly EnrolmentSummary[];
  readonly report: CampaignReport | undefined;
}

function EnrolmentTable({ rows, report }: EnrolmentTableProps) {
  const steps = new Map(report?.graph.steps.map((step) => [step.id, step.title]));
  return (
    <table className={css.list}>
      <thead>
        <tr>
          <th scope="col">Customer</th>
          <th scope="col">Number</th>
          <th scope="col">Group</th>
          <th scope="col">Standing</th>
          <th scope="col">Step</th>
          <th scope="col">Waits until</th>
          <th scope="col">Entered</th>
          <th scope="col">Score</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <Link to="/enrolments/$enrolment" params={{ enrolment: row.id }}>
                {customerName(row.customer)}
              </Link>
            </th>
            <td data-label="Number" className={css.anywhere}>
              <CustomerLink customer={row.customer.id}>{row.customer.externalId}</CustomerLink>
            </td>
            <td data-label="Group">{row.arm === 'treated' ? 'treated' : 'held out'}</td>
            <td data-label="Standing">
              <Chip word={standingWord(row)} />
            </td>
            <td data-label="Step">{row.step === null || row.state === 'closed' ? '' : (steps.get(row.step) ?? row.step)}</td>
            <td data-label="Waits until">{row.waitingUntil === null || row.state === 'closed' ? '' : moment(row.waitingUntil)}</td>
            <td data-label="Entered">{row.enteredAt === null ? '' : moment(row.enteredAt)}</td>
            <td data-label="Score">{row.triggerScore === null ? '' : scoreText(row.triggerScore)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
