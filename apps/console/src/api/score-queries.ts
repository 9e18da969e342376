import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { request, searchText } from './client.js';
import type { Page, ScoreCrossings, ScoreDistribution, ScoreExplanation, ScoreKind, ScoreVersion, ScoreVersionDetail } from './types.js';

const pathOf = (kind: string): string => `/score-kinds/${encodeURIComponent(kind)}`;

/** All kinds of score, with or without a model. */
export const scoreKindsQuery = queryOptions({
  queryKey: ['scores'],
  queryFn: async ({ signal }) => (await request<Page<ScoreKind>>('GET', '/score-kinds', undefined, signal)).items,
  refetchInterval: 4_000,
});

export const scoreVersionsQuery = (kind: string) =>
  queryOptions({
    queryKey: ['scores', kind, 'versions'],
    queryFn: async ({ signal }) => (await request<Page<ScoreVersion>>('GET', `${pathOf(kind)}/versions`, undefined, signal)).items,
    refetchInterval: 10_000,
  });

/** @param version there is no request while it is not known */
export const scoreVersionQuery = (kind: string, version: number | undefined) =>
  queryOptions({
    queryKey: ['scores', kind, 'version', version],
    queryFn: ({ signal }) => request<ScoreVersionDetail>('GET', `${pathOf(kind)}/versions/${String(version)}`, undefined, signal),
    enabled: version !== undefined,
  });

/** Who would cross thresholds if the version were in use. */
export const crossingsQuery = (kind: string, version: number | undefined) =>
  queryOptions({
    queryKey: ['scores', kind, 'crossings', version],
    queryFn: ({ signal }) => request<ScoreCrossings>('GET', `${pathOf(kind)}/versions/${String(version)}/crossings`, undefined, signal),
    enabled: version !== undefined,
  });

export const distributionQuery = (kind: string) =>
  queryOptions({
    queryKey: ['scores', kind, 'distribution'],
    queryFn: ({ signal }) => request<ScoreDistribution>('GET', `${pathOf(kind)}/distribution`, undefined, signal),
    refetchInterval: 10_000,
  });

/** How a customer's score adds up now. */
export const explanationQuery = (kind: string, customer: string) =>
  queryOptions({
    queryKey: ['customer', customer, 'explanation', kind],
    queryFn: ({ signal }) => request<ScoreExplanation>('GET', `${pathOf(kind)}/explanation${searchText({ customer })}`, undefined, signal),
  });

/** What is done to a kind; afterwards all that is shown of scores is loaded again. */
export type ScoreCommand = { readonly promote: number } | 'rollback' | 'sweep';

export function useScoreCommand(kind: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (command: ScoreCommand) =>
      request<unknown>('POST', `${pathOf(kind)}/${typeof command === 'string' ? command : `versions/${String(command.promote)}/promote`}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['scores'] }),
  });
}
