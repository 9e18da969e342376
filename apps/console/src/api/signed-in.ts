import { useQuery } from '@tanstack/react-query';
import { campaignsQuery } from './queries.js';

/** True once the API has answered: what stands around the rooms asks nothing before, so that a closed session is noticed once. */
export const useSignedIn = (): boolean => useQuery({ ...campaignsQuery, refetchInterval: false }).isSuccess;
