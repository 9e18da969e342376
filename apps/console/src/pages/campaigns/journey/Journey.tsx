import { useElementSize } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { versionReportQuery } from '../../../api/queries.js';
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

/** If it is narrower than this, the drawing would have to be scrolled, and the table is easier to read. */
const narrowestDrawing = 700;

export function Journey({ report: live }: { readonly report: CampaignReport }) {
  const [asked, setAsked] = useState<number | null>(null);
  const { data: other } = useQuery({ ...versionReportQuery(live.campaign.key, asked ?? 0), enabled: asked !== null });
  const report = asked === null ? live : (other ?? live);
  const { ref, width } = useElementSize();
  const model = useMemo(() => journeyModel(ofItsVersion(report)), [report]);
  const drawing = useMemo(() => (width >= narrowestDrawing ? layoutJourney(model, width) : null), [model, width]);
  const campaign = report.campaign.key;
  return (
    <Card
      title="Journey"
      aside={drawing ? 'width shows customers; a ring shows those waiting now' : 'customers who passed, and those waiting now'}
    >
      {live.versions.length > 1 && (
        <p className={css.elsewhere}>
          <label>
            Shows customers who are or were in{' '}
            <select value={report.graph.version} onChange={(event) => setAsked(Number(event.currentTarget.value))}>
              {live.versions.map(({ version, enrolled, underway }) => (
                <option key={version} value={version}>
                  version {version}: {count(enrolled)} enrolled, {count(underway)} under way
                </option>
              ))}
            </select>
          </label>
        </p>
      )}
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

/** The report with the counts of the customers of the version that is drawn. */
const ofItsVersion = (report: CampaignReport): CampaignReport => ({
  ...report,
  entered: { ...report.entered, ...report.graph.entered },
  outcomes: report.graph.outcomes,
});
