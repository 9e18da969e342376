import { useQuery } from '@tanstack/react-query';
import { campaignsQuery } from './queries.js';

/** True once the API has answered. The parts around the pages load nothing before that, so a closed session is noticed once. */
export const useSignedIn = (): boolean => useQuery({ ...campaignsQuery, refetchInterval: false }).isSuccess;
