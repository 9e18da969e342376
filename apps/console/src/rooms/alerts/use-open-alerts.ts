import { useQuery } from '@tanstack/react-query';
import { campaignsQuery, openAlertsQuery } from '../../api/queries.js';
import type { Alert } from '../../api/types.js';

/** The alerts that are open; undefined while they are not known. They are asked for once the session is known to hold. */
export function useOpenAlerts(): readonly Alert[] | undefined {
  const { isSuccess } = useQuery({ ...campaignsQuery, refetchInterval: false });
  return useQuery({ ...openAlertsQuery, enabled: isSuccess }).data?.items;
}
