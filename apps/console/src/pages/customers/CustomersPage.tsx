import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { customersQuery, type CustomerFilter } from '../../api/customer-queries.js';
import type { ListedCustomer } from '../../api/types.js';
import { count, money, scoreText } from '../../format/number.js';
import { channelName, customerName, customerStatusCodes, customerWord } from '../../format/words.js';
import { Chip } from '../../parts/Chip.js';
import { CustomerLink } from '../../parts/CustomerLink.js';
import { Filters } from '../../parts/Filters.js';
import { ListBody } from '../../parts/ListBody.js';
import { PageHead } from '../../parts/PageHead.js';
import parts from '../../parts/parts.module.css';
import { RowTable, type Column } from '../../parts/RowTable.js';
import css from './customers.module.css';
import { SearchField } from './SearchField.js';

const route = getRouteApi('/customers');

/** Lists customers, newest first, or the results of a search. The search is in the address. */
export function CustomersPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(customersQuery(filter));
  const set = (part: CustomerFilter): void => void navigate({ to: '.', search: { ...filter, ...part }, replace: true });
  const found = list.isPlaceholderData ? undefined : list.data?.pages[0]?.items;
  return (
    <>
      <PageHead
        title="Customers"
        sub="Each name links to everything about the customer: scores with reasons, addresses, campaigns, decisions, messages."
      />
      <div className={css.search}>
        <SearchField
          text={filter.search ?? ''}
          search={(search) => set({ search: search === '' ? undefined : search })}
          open={() => {
            const [only] = found ?? [];
            if (only && found?.length === 1) void navigate({ to: '/customers/$customer', params: { customer: only.id } });
          }}
        />
        <Filters
          by={[
            {
              name: 'status',
              label: 'Status',
              value: filter.status,
              choices: customerStatusCodes.map((status) => ({ value: status, label: customerWord({ status, churnedAt: null }).text })),
            },
          ]}
          set={(name, value) => set({ [name]: value })}
        />
      </div>
      <ListBody list={list} what="customers" nobody={<Nobody filter={filter} />}>
        {(rows) => <RowTable rows={rows} keyOf={({ id }) => id} columns={columns} className={css.customers} />}
      </ListBody>
    </>
  );
}

const none = <span className={parts.soft}>none</span>;
const unknown = <span className={parts.soft}>not known</span>;

const columns: readonly [Column<ListedCustomer>, ...Column<ListedCustomer>[]] = [
  { head: 'Customer', cell: (row) => <CustomerLink customer={row.id}>{customerName(row)}</CustomerLink> },
  { head: 'Number', cell: (row) => row.externalId, className: css.number },
  { head: 'Status', cell: (row) => <Chip word={customerWord(row)} /> },
  { head: 'Plan', cell: (row) => row.plan ?? unknown },
  {
    head: 'A month',
    cell: (row) =>
      row.monthlyCharge === null || row.currency === null ? unknown : money(row.monthlyCharge, row.currency, { exact: true }),
  },
  { head: 'Churn score', cell: (row) => (row.scores['churn'] === undefined ? none : scoreText(row.scores['churn'])) },
  { head: 'Journeys', cell: (row) => (row.underway === 0 ? none : count(row.underway)) },
  { head: 'Marketing by', cell: (row) => (row.reachable.length === 0 ? none : row.reachable.map(channelName).join(', ')) },
];

function Nobody({ filter: { search, status } }: { readonly filter: CustomerFilter }) {
  if (search === undefined && status === undefined) {
    return (
      <>
        <b className={css.strong}>No customer yet.</b> Import them from a file (<code>npm run perennial -- import mine.csv --propose</code>
        ), or add them with <code>POST /v1/customers</code>.
      </>
    );
  }
  return (
    <>
      <b className={css.strong}>Nobody is found.</b>{' '}
      {search !== undefined &&
        'A name or a number is found by its beginning; an e-mail address or a telephone number only whole, and a telephone number with its country, as in +49 151 23456789. '}
      <Link to="/customers" search={{}}>
        Show all customers
      </Link>
    </>
  );
}
