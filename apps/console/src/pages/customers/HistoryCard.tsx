import { Button } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { asProblem } from '../../api/problem.js';
import type { Page } from '../../api/types.js';
import { count } from '../../format/number.js';
import { Card } from '../../parts/Card.js';
import { Refused } from '../../parts/Failed.js';
import parts from '../../parts/parts.module.css';
import css from './customers.module.css';

interface HistoryCardProps<Row> {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly list: Pick<
    UseInfiniteQueryResult<{ readonly pages: readonly Page<Row>[] }>,
    'data' | 'error' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'
  >;
  /** Said if there are no rows. */
  readonly nothing: string;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** One of a customer's lists, newest first: the first page, and further ones on request. */
export function HistoryCard<Row>({ title, aside, list, nothing, children }: HistoryCardProps<Row>) {
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Card title={title} aside={aside}>
      {!rows && (list.error ? <Refused problem={asProblem(list.error)} /> : <p className={parts.soft}>Loading.</p>)}
      {rows?.length === 0 && <p className={parts.soft}>{nothing}</p>}
      {rows && rows.length > 0 && children(rows)}
      {rows && list.hasNextPage && (
        <div className={css.more}>
          <Button variant="default" size="compact-sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more than these {count(rows.length)}
          </Button>
        </div>
      )}
    </Card>
  );
}
