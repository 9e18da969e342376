import { lazy, Suspense } from 'react';
import type { CampaignReport } from '../../api/types.js';
import { count, percent } from '../../format/number.js';
import { plural } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import parts from '../../parts/parts.module.css';
import css from './campaigns.module.css';

const OffersChart = lazy(() => import('./OffersChart.js').then((module) => ({ default: module.OffersChart })));

/** Offered and accepted treatments: as a chart, and the same figures as a table. */
export function Offers({ report }: { readonly report: CampaignReport }) {
  const { offers } = report;
  const treatments = offers.byTreatment;
  return (
    <Card title="Treatments" aside={`${plural(offers.issued, 'offer')}, ${count(offers.accepted)} accepted`}>
      {treatments.length === 0 ? (
        <p className={parts.soft}>Nothing has been offered yet.</p>
      ) : (
        <div className={css.chartAndTable}>
          <div className={css.chart} aria-hidden>
            <Suspense fallback={null}>
              <OffersChart treatments={treatments} />
            </Suspense>
          </div>
          <table className={parts.table}>
            <thead>
              <tr>
                <th scope="col">Treatment</th>
                <th scope="col" className={parts.number}>
                  Issued
                </th>
                <th scope="col" className={parts.number}>
                  Accepted
                </th>
                <th scope="col" className={parts.number}>
                  Share
                </th>
              </tr>
            </thead>
            <tbody>
              {treatments.map((treatment) => (
                <tr key={treatment.treatment}>
                  <td>{treatment.title}</td>
                  <td className={parts.number}>{count(treatment.issued)}</td>
                  <td className={parts.number}>{count(treatment.accepted)}</td>
                  <td className={parts.number}>{treatment.issued === 0 ? '' : percent(treatment.accepted / treatment.issued, 0)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
