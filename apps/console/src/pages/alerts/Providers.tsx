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
import { providerWord } from './alert-words.js';

/** Each channel's provider: whether it works, and what it is held to. */
export function Providers() {
  const { data, error, refetch } = useQuery(providersQuery);
  if (!data && error) return <Failed problem={asProblem(error)} again={() => void refetch()} />;
  if (!data) return <Loading what="Loading the providers" under />;
  return (
    <div className={css.listCard}>
      <table className={css.list}>
        <thead>
          <tr>
            <th scope="col">Channel</th>
            <th scope="col">Provider</th>
            <th scope="col">Next try</th>
            <th scope="col">At most</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((provider) => (
            <tr key={provider.channel}>
              <th scope="row">{channelName(provider.channel)}</th>
              <td data-label="Provider">
                <Chip dot word={providerWord(provider)} />
              </td>
              <td data-label="Next try">{nextTry(provider)}</td>
              <td data-label="At most">{provider.setUp ? `${count(provider.ratePerSecond)} a second` : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function nextTry({ retryAt, pausedUntil, trips }: Provider): string {
  const at = retryAt ?? pausedUntil;
  if (at === null) return '';
  return `${clockTime(Date.parse(at))}${trips > 1 ? `, after ${plural(trips, 'failure')}` : ''}`;
}
