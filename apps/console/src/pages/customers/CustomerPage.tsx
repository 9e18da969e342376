import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { customerQuery, standingsQuery } from '../../api/customer-queries.js';
import { asProblem } from '../../api/problem.js';
import type { CustomerDetail } from '../../api/types.js';
import { money } from '../../format/number.js';
import { customerName, customerWord, plural } from '../../format/words.js';
import { Chip } from '../../parts/Chip.js';
import { Failed, Stale } from '../../parts/Failed.js';
import { Loading } from '../../parts/Loading.js';
import { PageHead } from '../../parts/PageHead.js';
import { Verdict } from '../../parts/Verdict.js';
import { Attributes } from './Attributes.js';
import { Campaigns } from './Campaigns.js';
import { Contact } from './Contact.js';
import { customerSummary } from './customer-summary.js';
import css from './customers.module.css';
import { Events } from './Events.js';
import { Decisions, Messages, Responses } from './Histories.js';
import { Offers } from './Offers.js';
import { Scores } from './Scores.js';

const route = getRouteApi('/customers/$customer');

/** Everything about one customer, enrolled or not: a summary first, then the evidence. */
export function CustomerPage() {
  const { customer: id } = route.useParams();
  const { data: customer, error, dataUpdatedAt, refetch } = useQuery(customerQuery(id));
  const { data: standings } = useQuery({ ...standingsQuery(id), enabled: customer !== undefined });
  if (!customer && error) return <Failed problem={asProblem(error)} again={() => void refetch()} />;
  if (!customer) return <Loading what="Loading the customer" />;
  const name = customerName(customer);
  return (
    <>
      <Stale problem={error ? asProblem(error) : null} since={dataUpdatedAt} />
      <PageHead
        title={name}
        up={<Link to="/customers">Customers</Link>}
        chip={<Chip dot word={customerWord(customer)} />}
        sub={factsOf(customer).join(' · ')}
      />
      <Verdict question={`How does ${name} stand?`} answer={customerSummary(customer, standings)} />
      <div className={css.cards}>
        <Scores customer={customer} />
        <Contact customer={customer} />
        <div className={css.wide}>
          <Campaigns customer={customer} />
        </div>
        <Events customer={id} />
        <Attributes customer={customer} />
        <div className={css.wide}>
          <Decisions customer={id} />
        </div>
        <div className={css.wide}>
          <Messages customer={id} />
        </div>
        <div className={css.wide}>
          <Offers customer={customer} />
        </div>
        <div className={css.wide}>
          <Responses customer={id} />
        </div>
      </div>
    </>
  );
}

function factsOf({ externalId, plan, monthlyCharge, currency, tenure, timeZone, locale }: CustomerDetail): string[] {
  return [
    `customer number ${externalId}`,
    ...(plan === null ? [] : [plan]),
    ...(monthlyCharge === null || currency === null ? [] : [`${money(monthlyCharge, currency, { exact: true })} a month`]),
    ...(tenure === null ? [] : [plural(tenure, 'month')]),
    timeZone ?? 'zone not known',
    locale,
  ];
}
