import { useQuery } from '@tanstack/react-query';
import { campaignsQuery } from './queries.js';

/** True once the API has answered. What stands around the pages asks nothing before, so a closed session is noticed once. */
export const useSignedIn = (): boolean => useQuery({ ...campaignsQuery, refetchInterval: false }).isSuccess;
