import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { campaignsQuery, openTasksQuery, unknownMessagesQuery } from './api/queries.js';
import { useOpenAlerts } from './pages/alerts/use-open-alerts.js';

interface Section {
  readonly to: string;
  readonly title: string;
  /** The prefixes of the addresses within it. */
  readonly within: readonly string[];
  /** A hook: the number beside the title; undefined while it is not known. */
  readonly useCount?: () => number | undefined;
}

/** The sections of the console, in the order of the navigation. */
export const sections = [
  {
    to: '/campaigns',
    title: 'Campaigns',
    within: ['/campaigns', '/enrolments'],
    useCount: () => useQuery({ ...campaignsQuery, refetchInterval: 10_000 }).data?.items.length,
  },
  { to: '/customers', title: 'Customers', within: ['/customers'] },
  { to: '/scores', title: 'Scores', within: ['/scores'] },
  { to: '/templates', title: 'Templates', within: ['/templates'] },
  { to: '/publications', title: 'Published', within: ['/publications'] },
  {
    to: '/messages',
    title: 'Messages',
    within: ['/messages'],
    // How many messages wait to be settled; empty if there are none.
    useCount: () =>
      useInfiniteQuery({ ...unknownMessagesQuery, refetchInterval: 10_000 }).data?.pages.flatMap(({ items }) => items).length || undefined,
  },
  { to: '/alerts', title: 'Alerts', within: ['/alerts'], useCount: () => useOpenAlerts()?.length || undefined },
  { to: '/desk', title: 'Desk', within: ['/desk'], useCount: () => useQuery(openTasksQuery).data },
] as const satisfies readonly Section[];
