import { useQuery } from '@tanstack/react-query';
import type { ComponentProps, ReactNode } from 'react';
import { reportQuery } from '../api/queries.js';
import { Filters } from './Filters.js';
import { ListBody } from './ListBody.js';
import { PageHead } from './PageHead.js';
import { RowTable, type Column } from './RowTable.js';
import { Trail } from './Trail.js';

type CampaignListProps<Name extends string, Row> = ComponentProps<typeof Filters<Name>> &
  Pick<ComponentProps<typeof ListBody<Row>>, 'list' | 'what' | 'nobody'> & {
    readonly campaign: string;
    readonly title: string;
    readonly sub: string;
    readonly actions?: ReactNode;
    /** The first one names the row. */
    readonly columns: readonly [Column<Row>, ...Column<Row>[]];
  };

/** The rows behind one of a campaign's counts: the link back, the filter, and the rows, page by page. */
export function CampaignList<Name extends string, Row extends { readonly id: string }>(props: CampaignListProps<Name, Row>) {
  const { campaign, title, sub, actions, by, set, columns, ...body } = props;
  const { data: report } = useQuery(reportQuery(campaign));
  return (
    <>
      <PageHead title={title} up={<Trail campaign={campaign} title={report?.campaign.title ?? campaign} />} sub={sub} actions={actions} />
      <Filters by={by} set={set} />
      <ListBody {...body}>{(rows) => <RowTable rows={rows} keyOf={({ id }) => id} columns={columns} />}</ListBody>
    </>
  );
}
