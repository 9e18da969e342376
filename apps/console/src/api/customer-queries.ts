import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request, searchText } from './client.js';
import { pages } from './queries.js';
import type {
  CampaignStanding,
  CustomerDetail,
  CustomerEvent,
  CustomerResponse,
  ListedCustomer,
  ListedDecision,
  ListedMessage,
  Page,
} from './types.js';

export interface CustomerFilter {
  readonly search?: string | undefined;
  readonly status?: string | undefined;
}

/** While somebody types, the rows of the search before stay. */
export const customersQuery = (filter: CustomerFilter) => ({
  ...pages<ListedCustomer>(['customers'], '/customers', { ...filter }),
  placeholderData: keepPreviousData,
});

/** The first results of a search, for a field in which one customer is chosen. */
export const foundCustomersQuery = (search: string) =>
  queryOptions({
    queryKey: ['customers', 'found', search],
    queryFn: ({ signal }) => request<Page<ListedCustomer>>('GET', `/customers${searchText({ search, limit: '6' })}`, undefined, signal),
    enabled: search !== '',
  });

const pathOf = (customer: string): string => `/customers/${encodeURIComponent(customer)}`;

export const customerQuery = (customer: string) =>
  queryOptions({
    queryKey: ['customer', customer],
    queryFn: ({ signal }) => request<CustomerDetail>('GET', pathOf(customer), undefined, signal),
    refetchInterval: 4_000,
  });

/** How the customer stands towards each running campaign. */
export const standingsQuery = (customer: string) =>
  queryOptions({
    queryKey: ['customer', customer, 'campaigns'],
    queryFn: async ({ signal }) => (await request<Page<CampaignStanding>>('GET', `${pathOf(customer)}/campaigns`, undefined, signal)).items,
    refetchInterval: 4_000,
  });

export const customerEventsQuery = (customer: string) =>
  pages<CustomerEvent>(['customer', customer, 'events'], `${pathOf(customer)}/events`, {});

export const customerResponsesQuery = (customer: string) =>
  pages<CustomerResponse>(['customer', customer, 'responses'], `${pathOf(customer)}/responses`, {});

export const customerDecisionsQuery = (customer: string) =>
  pages<ListedDecision>(['customer', customer, 'decisions'], '/decisions', { customer });

export const customerMessagesQuery = (customer: string) =>
  pages<ListedMessage>(['customer', customer, 'messages'], '/messages', { customer });
