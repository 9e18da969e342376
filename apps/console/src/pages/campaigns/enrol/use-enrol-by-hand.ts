import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../api/client.js';
import type { HandEnrolment } from '../../../api/types.js';
import { requestsFor, sumOf, type Asked } from './enrolment-words.js';

/** Enrols by hand, page by page, or previews the result. */
export function useEnrolByHand(campaign: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ asked, dryRun }: { readonly asked: Asked; readonly dryRun: boolean }) => {
      const pages: HandEnrolment[] = [];
      for (const body of requestsFor(asked)) {
        let from: string | null = null;
        do {
          const page: HandEnrolment = await request('POST', `/campaigns/${encodeURIComponent(campaign)}/enrolments`, {
            ...body,
            dryRun,
            ...(from !== null && { from }),
          });
          pages.push(page);
          from = page.next;
        } while (from !== null);
      }
      return sumOf(pages);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['campaign', campaign] }),
  });
}
