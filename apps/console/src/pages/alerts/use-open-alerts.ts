import { useQuery } from '@tanstack/react-query';
import { openAlertsQuery } from '../../api/queries.js';
import { useSignedIn } from '../../api/signed-in.js';
import type { Alert } from '../../api/types.js';

/** The alerts that are open; undefined while they are not known. They are loaded when the session is known to be valid. */
export function useOpenAlerts(): readonly Alert[] | undefined {
  return useQuery({ ...openAlertsQuery, enabled: useSignedIn() }).data?.items;
}
