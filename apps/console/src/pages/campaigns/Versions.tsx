import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { useLaunchVersion, versionsQuery } from '../../api/queries.js';
import type { CampaignReport, CampaignVersion } from '../../api/types.js';
import { differenceOf } from '../../../../../libs/campaigns/text-difference.js';
import { count } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { plural, type Word } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import { Chip } from '../../parts/Chip.js';
import { ConfirmDialog } from '../../parts/ConfirmDialog.js';
import parts from '../../parts/parts.module.css';
import css from './campaigns.module.css';

const states: Readonly<Record<CampaignVersion['state'], Word>> = {
  draft: { text: 'Draft', tone: 'amber' },
  live: { text: 'Live', tone: 'leaf' },
  past: { text: 'Past', tone: 'stone' },
};

/** The versions of a campaign that was launched, with their texts; a draft or a past one can replace the live one. */
export function Versions({ report: { campaign } }: { readonly report: CampaignReport }) {
  const { data } = useQuery(versionsQuery(campaign.key));
  const [asked, setAsked] = useState<CampaignVersion | null>(null);
  const act = useLaunchVersion(campaign.key);
  if (!data || data.items.length < 2 || campaign.launchedAt === null) return null;
  const running = campaign.state === 'live' || campaign.state === 'paused';
  const close = (): void => setAsked(null);
  return (
    <Card title="Versions" aside={plural(data.items.length, 'version')}>
      <div className={parts.scroll}>
        <table className={css.versions}>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">State</th>
              <th scope="col">Stored</th>
              <th scope="col">Enrolled</th>
              <th scope="col">Under way</th>
              <th scope="col">Text</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((each, place) => (
              <tr key={each.id}>
                <th scope="row">{each.version}</th>
                <td>
                  <Chip word={states[each.state]} />
                </td>
                <td>{moment(each.createdAt)}</td>
                <td>{count(each.enrolled)}</td>
                <td>{count(each.underway)}</td>
                <td>
                  <details>
                    <summary>{place + 1 < data.items.length ? 'Changes' : 'Its text'}</summary>
                    <pre>{textOf(each, data.items[place + 1])}</pre>
                  </details>
                  {running && each.state !== 'live' && (
                    <Button
                      size="compact-sm"
                      onClick={() => {
                        act.reset();
                        setAsked(each);
                      }}
                    >
                      Launch version {each.version}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ConfirmDialog
        opened={asked !== null}
        close={close}
        question={`Launch version ${String(asked?.version ?? '')} of “${campaign.title}”?`}
        consequences={{
          Customers: `New customers enter this version instead of version ${String(campaign.version)}. Customers already inside finish under their version.`,
          Money: 'Its budget, priority and title apply from now on; open offers stay valid.',
          Undo: 'The version that is live now can be launched again. A sent message cannot be recalled.',
        }}
        problem={act.error ? asProblem(act.error) : null}
        no="Not yet"
        yes="Launch it"
        grave={false}
        busy={act.isPending}
        confirm={() => asked && act.mutate(asked.version, { onSuccess: close })}
      />
    </Card>
  );
}

const textOf = (version: CampaignVersion, before: CampaignVersion | undefined): string =>
  before === undefined ? version.source : differenceOf(before.source, version.source);
