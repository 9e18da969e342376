import type { CustomerDetail } from '../../api/types.js';
import { money } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { offerWord } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import { Chip } from '../../parts/Chip.js';
import { EnrolmentLink } from '../../parts/EnrolmentLink.js';
import parts from '../../parts/parts.module.css';
import { RowTable } from '../../parts/RowTable.js';
import css from './customers.module.css';
import { useCampaignTitle } from './Histories.js';

const mostShown = 100;

/** The customer's offers and their states. */
export function Offers({ customer: { offers } }: { readonly customer: CustomerDetail }) {
  const titleOf = useCampaignTitle();
  return (
    <Card title="Offers" aside={offers.length === mostShown && `the latest ${String(mostShown)}`}>
      {offers.length === 0 ? (
        <p className={parts.soft}>Nothing has been offered to this customer.</p>
      ) : (
        <RowTable
          rows={offers}
          keyOf={({ id }) => id}
          className={css.history}
          columns={[
            { head: 'Issued', cell: (row) => <EnrolmentLink enrolment={row.enrolmentId}>{moment(row.issuedAt)}</EnrolmentLink> },
            { head: 'State', cell: (row) => <Chip word={offerWord(row.state)} /> },
            { head: 'Offer', cell: (row) => row.title },
            { head: 'Costs', cell: (row) => money(row.cost, row.currency, { exact: true }) },
            { head: 'Until', cell: (row) => moment(row.settledAt ?? row.expiresAt) },
            { head: 'For', cell: (row) => titleOf(row.campaignId, row.reference) },
          ]}
        />
      )}
    </Card>
  );
}
