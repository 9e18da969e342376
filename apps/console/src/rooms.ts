import { useQuery } from '@tanstack/react-query';
import { campaignsQuery } from './api/queries.js';

interface Room {
  readonly to: string;
  readonly title: string;
  /** The beginnings of the addresses within it. */
  readonly within: readonly string[];
  /** A hook: the number that stands beside the title; undefined while it is not known. */
  readonly useCount?: () => number | undefined;
}

/** The rooms that exist, in the order of the navigation. */
export const rooms = [
  {
    to: '/campaigns',
    title: 'Campaigns',
    within: ['/campaigns', '/enrolments'],
    useCount: () => useQuery({ ...campaignsQuery, refetchInterval: 10_000 }).data?.items.length,
  },
] as const satisfies readonly Room[];
