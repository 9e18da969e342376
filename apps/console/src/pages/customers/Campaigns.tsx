import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { asProblem } from '../../api/problem.js';
import { standingsQuery } from '../../api/customer-queries.js';
import type { CampaignStanding, CustomerDetail, CustomerEnrolment } from '../../api/types.js';
import { moment } from '../../format/time.js';
import { standingWord, stateWord } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import { Chip } from '../../parts/Chip.js';
import { EnrolmentLink } from '../../parts/EnrolmentLink.js';
import parts from '../../parts/parts.module.css';
import { RowTable, type Column } from '../../parts/RowTable.js';
import css from './customers.module.css';
import { besidesText, entersText, keptOutText } from './kept-out-words.js';

/** The customer's enrolments with their outcomes; and for every other running campaign, why there is none. */
export function Campaigns({ customer }: { readonly customer: CustomerDetail }) {
  const { enrolments } = customer;
  return (
    <Card title="Campaigns" aside="each state links to its full history">
      {enrolments.length === 0 ? (
        <p className={parts.soft}>Has never been enrolled.</p>
      ) : (
        <RowTable rows={enrolments} keyOf={({ id }) => id} columns={columns} className={css.history} />
      )}
      <WhyNot customer={customer.id} />
    </Card>
  );
}

const columns: readonly [Column<CustomerEnrolment>, ...Column<CustomerEnrolment>[]] = [
  { head: 'Campaign', cell: ({ campaign }) => <CampaignLink campaign={campaign} /> },
  {
    head: 'State',
    cell: (row) => (
      <EnrolmentLink enrolment={row.id}>
        <Chip word={standingWord(row)} />
      </EnrolmentLink>
    ),
  },
  { head: 'Group', cell: ({ arm }) => (arm === 'treated' ? 'treated' : 'held out') },
  { head: 'Enrolled', cell: ({ createdAt }) => moment(createdAt) },
  { head: 'Closed', cell: ({ closedAt }) => (closedAt === null ? '' : moment(closedAt)) },
];

function CampaignLink({ campaign }: { readonly campaign: { readonly key: string; readonly title: string } }) {
  return (
    <Link to="/campaigns/$campaign" params={{ campaign: campaign.key }}>
      {campaign.title}
    </Link>
  );
}

function WhyNot({ customer }: { readonly customer: string }) {
  const { data, error } = useQuery(standingsQuery(customer));
  const others = data?.filter(({ inside }) => inside === null);
  return (
    <>
      <h3 className={css.under}>Why not in other running campaigns</h3>
      {others === undefined && <p className={parts.soft}>{error ? `${asProblem(error).title}.` : 'Loading.'}</p>}
      {others?.length === 0 && (
        <p className={parts.soft}>{data?.length === 0 ? 'No campaign is running.' : 'The customer is inside all running campaigns.'}</p>
      )}
      <ul className={css.out}>
        {others?.map((standing) => (
          <li key={standing.campaign.id}>
            <OneCampaign standing={standing} />
          </li>
        ))}
      </ul>
    </>
  );
}

function OneCampaign({ standing }: { readonly standing: CampaignStanding }) {
  const { campaign, keptOut } = standing;
  const besides = keptOut.length === 0 ? '' : besidesText(standing);
  return (
    <>
      <CampaignLink campaign={campaign} /> {campaign.state === 'paused' && <Chip word={stateWord('paused')} />}
      <ul>
        {keptOut.length === 0 && <li>{entersText(standing)}</li>}
        {keptOut.map((because) => (
          <li key={because.reason} className={css.words}>
            {keptOutText(because)}
          </li>
        ))}
        {besides !== '' && <li>{besides}</li>}
      </ul>
    </>
  );
}
