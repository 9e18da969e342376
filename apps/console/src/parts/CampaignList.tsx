import { useQuery } from '@tanstack/react-query';
import type { ComponentProps, ReactNode } from 'react';
import { reportQuery } from '../api/queries.js';
import { Filters } from './Filters.js';
import { ListBody } from './ListBody.js';
import { PageHead } from './PageHead.js';
import { Trail } from './Trail.js';

type CampaignListProps<Name extends string, Row> = ComponentProps<typeof Filters<Name>> &
  ComponentProps<typeof ListBody<Row>> & {
    readonly campaign: string;
    readonly title: string;
    readonly sub: string;
    readonly actions?: ReactNode;
  };

/** The rows behind one of a campaign's counts: the way back, what they are narrowed to, and the rows. */
export function CampaignList<Name extends string, Row>({ campaign, title, sub, actions, by, set, ...body }: CampaignListProps<Name, Row>) {
  const { data: report } = useQuery(reportQuery(campaign));
  return (
    <>
      <PageHead title={title} up={<Trail campaign={campaign} title={report?.campaign.title ?? campaign} />} sub={sub} actions={actions} />
      <Filters by={by} set={set} />
      <ListBody {...body} />
    </>
  );
}
