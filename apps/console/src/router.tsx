import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type { DecisionFilter, EnrolmentFilter, MessageFilter } from './api/queries.js';
import { Crashed, Nowhere } from './shell/Nowhere.js';
import { Shell } from './shell/Shell.js';

/*
 * A room of the console is a folder under rooms/, its routes here, and a line in rooms.ts for the navigation.
 */
const root = createRootRoute({ component: Shell, notFoundComponent: Nowhere });

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    redirect({ to: '/campaigns', replace: true, throw: true });
  },
});

const campaigns = createRoute({
  getParentRoute: () => root,
  path: '/campaigns',
  component: lazyRouteComponent(() => import('./rooms/campaigns/CampaignsPage.js'), 'CampaignsPage'),
});

const campaign = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$campaign',
  component: lazyRouteComponent(() => import('./rooms/campaigns/CampaignPage.js'), 'CampaignPage'),
});

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const enrolments = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$campaign/enrolments',
  validateSearch: (search: Record<string, unknown>): EnrolmentFilter => ({
    state: text(search['state']),
    arm: text(search['arm']),
    outcome: text(search['outcome']),
    step: text(search['step']),
  }),
  component: lazyRouteComponent(() => import('./rooms/enrolments/EnrolmentsPage.js'), 'EnrolmentsPage'),
});

const decisions = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$campaign/decisions',
  validateSearch: (search: Record<string, unknown>): DecisionFilter => ({ kind: text(search['kind']), reason: text(search['reason']) }),
  component: lazyRouteComponent(() => import('./rooms/campaigns/DecisionsPage.js'), 'DecisionsPage'),
});

const messages = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$campaign/messages',
  validateSearch: (search: Record<string, unknown>): MessageFilter => ({ state: text(search['state']), channel: text(search['channel']) }),
  component: lazyRouteComponent(() => import('./rooms/campaigns/MessagesPage.js'), 'MessagesPage'),
});

const enrolment = createRoute({
  getParentRoute: () => root,
  path: '/enrolments/$enrolment',
  component: lazyRouteComponent(() => import('./rooms/enrolments/EnrolmentPage.js'), 'EnrolmentPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([start, campaigns, campaign, enrolments, decisions, messages, enrolment]),
  defaultPreload: 'intent',
  defaultErrorComponent: Crashed,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
