import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { request, searchText } from './client.js';
import type {
  Alert,
  CampaignCommand,
  CampaignDetail,
  CampaignReport,
  CampaignSummary,
  CampaignVersion,
  EnrolmentStory,
  EnrolmentSummary,
  Estimate,
  Happening,
  ListedDecision,
  ListedMessage,
  ListedTask,
  Meaning,
  Page,
  ContentFiles,
  PublicationPage,
  TaskPage,
  Provider,
  TemplatePage,
  TemplatePreview,
  UnknownMessage,
} from './types.js';

/** A page refreshes every 2 s, and every 5 s while it gets errors. */
const often = (query: { readonly state: { readonly status: string } }): number => (query.state.status === 'error' ? 5_000 : 2_000);

export const campaignsQuery = queryOptions({
  queryKey: ['campaigns'],
  queryFn: ({ signal }) => request<Page<CampaignSummary>>('GET', '/campaigns?limit=200', undefined, signal),
  refetchInterval: often,
});

export const reportQuery = (campaign: string) =>
  queryOptions({
    queryKey: ['campaign', campaign, 'report'],
    queryFn: ({ signal }) => request<CampaignReport>('GET', `/campaigns/${encodeURIComponent(campaign)}/report`, undefined, signal),
    refetchInterval: often,
  });

/** The report with the journey of another version than the one that enrols. */
export const versionReportQuery = (campaign: string, version: number) =>
  queryOptions({
    queryKey: ['campaign', campaign, 'report', version],
    queryFn: ({ signal }) =>
      request<CampaignReport>('GET', `/campaigns/${encodeURIComponent(campaign)}/report?version=${String(version)}`, undefined, signal),
    refetchInterval: often,
  });

/** The versions of a campaign with their texts, newest first. */
export const versionsQuery = (campaign: string) =>
  queryOptions({
    queryKey: ['campaign', campaign, 'versions'],
    queryFn: ({ signal }) =>
      request<Page<CampaignVersion>>('GET', `/campaigns/${encodeURIComponent(campaign)}/versions?limit=50`, undefined, signal),
    refetchInterval: 10_000,
  });

export const feedQuery = (campaign: string) =>
  queryOptions({
    queryKey: ['campaign', campaign, 'feed'],
    queryFn: async ({ signal }) => {
      const page = await request<Page<Happening>>('GET', `/campaigns/${encodeURIComponent(campaign)}/feed`, undefined, signal);
      return page.items;
    },
    refetchInterval: often,
  });

/** The filter for the enrolments of a campaign; a missing field does not filter. */
export interface EnrolmentFilter {
  readonly state?: string | undefined;
  readonly arm?: string | undefined;
  readonly outcome?: string | undefined;
  readonly step?: string | undefined;
}

export interface DecisionFilter {
  readonly kind?: string | undefined;
  readonly reason?: string | undefined;
}

export interface MessageFilter {
  readonly state?: string | undefined;
  readonly channel?: string | undefined;
}

const rowsAtOnce = '50';

/** A list that is read page by page. */
export const pages = <Row>(key: readonly unknown[], path: string, filter: Readonly<Record<string, string | undefined>>) =>
  infiniteQueryOptions({
    queryKey: [...key, filter],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Row>>('GET', path + searchText({ ...filter, limit: rowsAtOnce, cursor: pageParam ?? undefined }), undefined, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    // A reader of later pages must not lose the row that they are reading.
    refetchInterval: (query) => (query.state.data && query.state.data.pages.length > 1 ? false : 4_000),
  });

export const enrolmentsQuery = (campaign: string, filter: EnrolmentFilter) =>
  pages<EnrolmentSummary>(['campaign', campaign, 'enrolments'], `/campaigns/${encodeURIComponent(campaign)}/enrolments`, { ...filter });

/** @param campaignId the id, not the key; there is no request while it is not known */
export const decisionsQuery = (campaignId: string | undefined, filter: DecisionFilter) => ({
  ...pages<ListedDecision>(['decisions'], '/decisions', { campaign: campaignId, ...filter }),
  enabled: campaignId !== undefined,
});

export const messagesQuery = (campaignId: string | undefined, filter: MessageFilter) => ({
  ...pages<ListedMessage>(['messages'], '/messages', { campaign: campaignId, ...filter }),
  enabled: campaignId !== undefined,
});

export const openAlertsQuery = queryOptions({
  queryKey: ['alerts', 'open'],
  queryFn: ({ signal }) => request<Page<Alert>>('GET', '/alerts?open=true&limit=100', undefined, signal),
  refetchInterval: 10_000,
});

export const pastAlertsQuery = pages<Alert>(['alerts', 'past'], '/alerts', { open: 'false' });

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: ({ signal }) => request<Page<Provider>>('GET', '/providers', undefined, signal),
  refetchInterval: often,
});

/** The address of a campaign's rows as a file; a browser saves the answer. */
export const exportHref = (
  campaign: string,
  rows: 'messages' | 'enrolments',
  filter: Readonly<Record<string, string | undefined>>,
): string => `/v1/campaigns/${encodeURIComponent(campaign)}/${rows}.csv${searchText(filter)}`;

/** How many would enter if the campaign were launched now. */
export const estimateQuery = (campaign: string) =>
  queryOptions({
    queryKey: ['campaign', campaign, 'estimate'],
    queryFn: async ({ signal }) => {
      const { source } = await request<CampaignDetail>('GET', `/campaigns/${encodeURIComponent(campaign)}`, undefined, signal);
      return request<Estimate>('POST', '/campaigns/validate', { source }, signal);
    },
  });

export const enrolmentQuery = (id: string) =>
  queryOptions({
    queryKey: ['enrolment', id],
    queryFn: ({ signal }) => request<EnrolmentStory>('GET', `/enrolments/${encodeURIComponent(id)}`, undefined, signal),
    refetchInterval: often,
  });

/** Launch, pause, resume or cancel; afterwards all data about campaigns is loaded again. */
export function useCommand(campaign: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (command: CampaignCommand) => request<unknown>('POST', `/campaigns/${encodeURIComponent(campaign)}/${command}`),
    onSuccess: () =>
      Promise.all([client.invalidateQueries({ queryKey: ['campaigns'] }), client.invalidateQueries({ queryKey: ['campaign', campaign] })]),
  });
}

/** Makes another version the one that enrols. */
export function useLaunchVersion(campaign: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (version: number) =>
      request<unknown>('POST', `/campaigns/${encodeURIComponent(campaign)}/versions/${String(version)}/launch`),
    onSuccess: () =>
      Promise.all([client.invalidateQueries({ queryKey: ['campaigns'] }), client.invalidateQueries({ queryKey: ['campaign', campaign] })]),
  });
}

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: ({ signal }) => request<TemplatePage>('GET', '/templates', undefined, signal),
  refetchInterval: often,
});

export const publicationsQuery = queryOptions({
  queryKey: ['publications'],
  queryFn: ({ signal }) => request<PublicationPage>('GET', '/publications?limit=50', undefined, signal),
  refetchInterval: often,
});

/** The differences between the files beside the api and the publication. */
export const contentFilesQuery = queryOptions({
  queryKey: ['publications', 'files'],
  queryFn: ({ signal }) => request<ContentFiles>('GET', '/publications/files', undefined, signal),
  refetchInterval: often,
});

/** The customer, channel and locale of a template's preview; sample values if no customer is given. */
export interface PreviewFilter {
  readonly channel?: string | undefined;
  readonly purpose?: string | undefined;
  readonly customer?: string | undefined;
  readonly locale?: string | undefined;
}

export const previewQuery = (template: string, filter: PreviewFilter) =>
  queryOptions({
    queryKey: ['templates', template, filter],
    queryFn: ({ signal }) =>
      request<TemplatePreview>('GET', `/templates/${encodeURIComponent(template)}/preview${searchText({ ...filter })}`, undefined, signal),
    placeholderData: keepPreviousData,
    refetchInterval: often,
  });

/** Messages of all campaigns that may or may not have been sent. */
export const unknownMessagesQuery = pages<UnknownMessage>(['messages', 'unknown'], '/messages', { state: 'unknown' });

/** Records what the provider's log says about an unknown message. */
export function useSettle() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, as }: { readonly id: string; readonly as: 'sent' | 'not-sent' }) =>
      request<unknown>('POST', `/messages/${encodeURIComponent(id)}/settle`, { as }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['messages'] }),
  });
}

export interface TaskFilter {
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
}

export const tasksQuery = (filter: TaskFilter) => pages<ListedTask>(['tasks'], '/tasks', { ...filter });

/** How many answers wait for a person. */
export const openTasksQuery = queryOptions({
  queryKey: ['tasks', 'open'],
  queryFn: async ({ signal }) => (await request<TaskPage>('GET', '/tasks?limit=1', undefined, signal)).open,
  refetchInterval: 10_000,
});

/** The key of one click on "send": a repetition after a lost answer sends nothing more. */
export interface Reply {
  readonly text: string;
  readonly key: string;
}

/** Sends a person's reply to the customer. @param sent called when the list was updated */
export function useReply(task: string, sent: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ text, key }: Reply) =>
      request<unknown>('POST', `/tasks/${encodeURIComponent(task)}/reply`, { text }, undefined, { 'Idempotency-Key': key }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['tasks'] });
      sent();
    },
  });
}

/**
 * Records what an answer meant; afterwards the queue is loaded again.
 * @param closed called when the list was updated; by then the task's own card may be removed, together with its callbacks
 */
export function useCloseTask(task: string, closed: (answer: Meaning) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (answer: Meaning) => request<unknown>('POST', `/tasks/${encodeURIComponent(task)}/close`, { answer }),
    onSuccess: async (_, answer) => {
      await client.invalidateQueries({ queryKey: ['tasks'] });
      closed(answer);
    },
  });
}
