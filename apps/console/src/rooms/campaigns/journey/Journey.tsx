import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import type { CampaignReport } from '../../../api/types.js';
import { count } from '../../../format/number.js';
import { outcomeWord } from '../../../format/words.js';
import { Card } from '../../../parts/Card.js';
import { CountLink } from '../../../parts/CountLink.js';
import parts from '../../../parts/parts.module.css';
import css from './Journey.module.css';
import { JourneyDrawing } from './JourneyDrawing.js';
import { layoutJourney } from './journey-layout.js';
import { journeyModel } from './journey-model.js';
import { JourneyTable } from './JourneyTable.js';

/** Narrower than this the drawing would have to be scrolled; its table reads better then. */
const narrowestDrawing = 700;

export function Journey({ report }: { readonly report: CampaignReport }) {
  const { ref, width } = useElementSize();
  const model = useMemo(() => journeyModel(report), [report]);
  const drawing = useMemo(() => (width >= narrowestDrawing ? layoutJourney(model, width) : null), [model, width]);
  const campaign = report.campaign.key;
  return (
    <Card
      title="Journey"
      aside={drawing ? 'width shows customers; a ring shows those waiting now' : 'customers who came by, and those waiting now'}
    >
      <div ref={ref} className={css.frame}>
        {drawing && <JourneyDrawing drawing={drawing} campaign={campaign} />}
        {!drawing && width > 0 && <JourneyTable model={model} campaign={campaign} />}
      </div>
      {model.elsewhere.length > 0 && (
        <p className={css.elsewhere}>
          Ended at any step:{' '}
          {model.elsewhere.map(({ outcome, count: n }, at) => (
            <span key={outcome}>
              {at > 0 && ' · '}
              <CountLink campaign={campaign} rows={{ outcome }}>
                {outcomeWord(outcome).text.toLowerCase()} <b>{count(n)}</b>
              </CountLink>
            </span>
          ))}
        </p>
      )}
      {drawing && (
        <details className={css.details}>
          <summary>The journey as a table</summary>
          <div className={parts.scroll}>
            <JourneyTable model={model} campaign={campaign} />
          </div>
        </details>
      )}
    </Card>
  );
}
