import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type { CustomerFilter } from './api/customer-queries.js';
import type { DecisionFilter, EnrolmentFilter, MessageFilter, PreviewFilter, TaskFilter } from './api/queries.js';
import { Crashed, Nowhere } from './shell/Nowhere.js';
import { Shell } from './shell/Shell.js';

/*
 * A section of the console is a folder under pages/, its routes here, and a line in navigation.ts.
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
  component: lazyRouteComponent(() => import('./pages/campaigns/CampaignsPage.js'), 'CampaignsPage'),
});

const campaign = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$campaign',
  component: lazyRouteComponent(() => import('./pages/campaigns/CampaignPage.js'), 'CampaignPage'),
});

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** A text that may look like a number: the router reads `?search=1001` as one. */
const words = (value: unknown): string | undefined => text(typeof value === 'number' ? String(value) : value);

const enrolments = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$campaign/enrolments',
  validateSearch: (search: Record<string, unknown>): EnrolmentFilter => ({
    state: text(search['state']),
    arm: text(search['arm']),
    outcome: text(search['outcome']),
    step: text(search['step']),
  }),
  component: lazyRouteComponent(() => import('./pages/enrolments/EnrolmentsPage.js'), 'EnrolmentsPage'),
});

const decisions = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$campaign/decisions',
  validateSearch: (search: Record<string, unknown>): DecisionFilter => ({ kind: text(search['kind']), reason: text(search['reason']) }),
  component: lazyRouteComponent(() => import('./pages/campaigns/DecisionsPage.js'), 'DecisionsPage'),
});

const messages = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$campaign/messages',
  validateSearch: (search: Record<string, unknown>): MessageFilter => ({ state: text(search['state']), channel: text(search['channel']) }),
  component: lazyRouteComponent(() => import('./pages/campaigns/MessagesPage.js'), 'MessagesPage'),
});

const enrolment = createRoute({
  getParentRoute: () => root,
  path: '/enrolments/$enrolment',
  component: lazyRouteComponent(() => import('./pages/enrolments/EnrolmentPage.js'), 'EnrolmentPage'),
});

const customers = createRoute({
  getParentRoute: () => root,
  path: '/customers',
  validateSearch: (search: Record<string, unknown>): CustomerFilter => ({
    search: words(search['search']),
    status: text(search['status']),
  }),
  component: lazyRouteComponent(() => import('./pages/customers/CustomersPage.js'), 'CustomersPage'),
});

const customer = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customer',
  component: lazyRouteComponent(() => import('./pages/customers/CustomerPage.js'), 'CustomerPage'),
});

const scores = createRoute({
  getParentRoute: () => root,
  path: '/scores',
  component: lazyRouteComponent(() => import('./pages/scores/ScoresPage.js'), 'ScoresPage'),
});

const score = createRoute({
  getParentRoute: () => root,
  path: '/scores/$kind',
  validateSearch: (search: Record<string, unknown>): { readonly version?: number | undefined } => ({
    version: typeof search['version'] === 'number' ? search['version'] : undefined,
  }),
  component: lazyRouteComponent(() => import('./pages/scores/ScorePage.js'), 'ScorePage'),
});

const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  component: lazyRouteComponent(() => import('./pages/alerts/AlertsPage.js'), 'AlertsPage'),
});

const templates = createRoute({
  getParentRoute: () => root,
  path: '/templates',
  component: lazyRouteComponent(() => import('./pages/templates/TemplatesPage.js'), 'TemplatesPage'),
});

const template = createRoute({
  getParentRoute: () => root,
  path: '/templates/$template',
  validateSearch: (search: Record<string, unknown>): PreviewFilter => ({
    channel: text(search['channel']),
    purpose: text(search['purpose']),
    customer: text(search['customer']),
    locale: text(search['locale']),
  }),
  component: lazyRouteComponent(() => import('./pages/templates/TemplatePage.js'), 'TemplatePage'),
});

const publications = createRoute({
  getParentRoute: () => root,
  path: '/publications',
  component: lazyRouteComponent(() => import('./pages/publications/PublicationsPage.js'), 'PublicationsPage'),
});

const unknownMessages = createRoute({
  getParentRoute: () => root,
  path: '/messages',
  component: lazyRouteComponent(() => import('./pages/messages/UnknownMessagesPage.js'), 'UnknownMessagesPage'),
});

const desk = createRoute({
  getParentRoute: () => root,
  path: '/desk',
  validateSearch: (search: Record<string, unknown>): TaskFilter => ({ state: text(search['state']), kind: text(search['kind']) }),
  component: lazyRouteComponent(() => import('./pages/desk/DeskPage.js'), 'DeskPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    campaigns,
    campaign,
    enrolments,
    decisions,
    messages,
    alerts,
    enrolment,
    customers,
    customer,
    scores,
    score,
    unknownMessages,
    templates,
    template,
    publications,
    desk,
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: Crashed,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
