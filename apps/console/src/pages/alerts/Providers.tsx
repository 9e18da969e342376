import { useQuery } from '@tanstack/react-query';
import { asProblem } from '../../api/problem.js';
import { providersQuery } from '../../api/queries.js';
import type { Provider } from '../../api/types.js';
import { count } from '../../format/number.js';
import { clockTime } from '../../format/time.js';
import { channelName, plural } from '../../format/words.js';
import { Chip } from '../../parts/Chip.js';
import { Failed } from '../../parts/Failed.js';
import css from '../../parts/list.module.css';
import { Loading } from '../../parts/Loading.js';
import { RowTable } from '../../parts/RowTable.js';
import { providerWord } from './alert-words.js';

/** Each channel's provider: whether it works, and its rate limit. */
export function Providers() {
  const { data, error, refetch } = useQuery(providersQuery);
  if (!data && error) return <Failed problem={asProblem(error)} again={() => void refetch()} />;
  if (!data) return <Loading what="Loading the providers" under />;
  return (
    <div className={css.listCard}>
      <RowTable
        rows={data.items}
        keyOf={({ channel }) => channel}
        columns={[
          { head: 'Channel', cell: ({ channel }) => channelName(channel) },
          { head: 'Provider', cell: (provider) => <Chip dot word={providerWord(provider)} /> },
          { head: 'Next try', cell: nextTry },
          { head: 'At most', cell: ({ setUp, ratePerSecond }) => (setUp ? `${count(ratePerSecond)} a second` : '') },
        ]}
      />
    </div>
  );
}

function nextTry({ retryAt, pausedUntil, trips }: Provider): string {
  const at = retryAt ?? pausedUntil;
  if (at === null) return '';
  return `${clockTime(Date.parse(at))}${trips > 1 ? `, after ${plural(trips, 'failure')}` : ''}`;
}
