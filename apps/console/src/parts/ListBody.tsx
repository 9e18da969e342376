import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { asProblem } from '../api/problem.js';
import { count } from '../format/number.js';
import { Failed, Stale } from './Failed.js';
import css from './list.module.css';
import { Loading } from './Loading.js';

interface ListBodyProps<Row> {
  readonly list: {
    readonly data: { readonly pages: readonly { readonly items: readonly Row[] }[] } | undefined;
    readonly error: Error | null;
    readonly dataUpdatedAt: number;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    fetchNextPage(): Promise<unknown>;
    refetch(): Promise<unknown>;
  };
  readonly what: string;
  /** Shown if there are no rows. */
  readonly nobody: ReactNode;
  /** The rows are cards of their own. */
  readonly bare?: boolean;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** The rows of a list that is read page by page, in every state of loading. */
export function ListBody<Row>({ list, what, nobody, bare = false, children }: ListBodyProps<Row>) {
  if (!list.data && list.error) return <Failed problem={asProblem(list.error)} again={() => void list.refetch()} />;
  if (!list.data) return <Loading what={`Loading the ${what}`} under />;
  const rows = list.data.pages.flatMap((page) => page.items);
  return (
    <>
      <Stale problem={list.error ? asProblem(list.error) : null} since={list.dataUpdatedAt} />
      {rows.length === 0 ? (
        <p className={css.nobody}>{nobody}</p>
      ) : (
        <>
          <div className={bare ? undefined : css.listCard}>{children(rows)}</div>
          <div className={css.more}>
            <span role="status">
              {list.hasNextPage ? `The first ${count(rows.length)} are shown.` : `All ${count(rows.length)} are shown.`}
            </span>
            {list.hasNextPage && (
              <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                Show more
              </Button>
            )}
          </div>
        </>
      )}
    </>
  );
}
