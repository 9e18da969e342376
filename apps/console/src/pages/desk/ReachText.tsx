import { useEffect, useState } from 'react';
import type { ListedTask } from '../../api/types.js';
import { momentThere } from '../../format/time.js';
import { channelName } from '../../format/words.js';

/** The addresses of the customer, the preferred one, and the local time. */
export function ReachText({ task: { reach, customer } }: { readonly task: ListedTask }) {
  const now = useMinutes();
  const there = momentThere(now, reach.timeZone);
  return (
    <>
      {reach.contactPoints.map(({ channel, address, uses }) => (
        <span key={channel}>
          {channelName(channel)} {address}: {usesText(uses)}
          {channel === reach.preferredChannel && ', preferred'}
          <br />
        </span>
      ))}
      {reach.contactPoints.length === 0 && (
        <>
          No address is known.
          <br />
        </>
      )}
      Reads {languages.of(customer.locale.replaceAll('_', '-')) ?? customer.locale}
      {there === null ? zoneText(reach.timeZone) : `; it is ${there} now`}
    </>
  );
}

function usesText(uses: readonly string[]): string {
  if (uses.includes('marketing')) return 'may be used';
  return uses.includes('service') ? 'about the contract only' : 'may not be used';
}

const zoneText = (zone: string | null): string => (zone === null ? '; their time zone is not known' : '; the same time zone as yours');

const languages = {
  names: new Intl.DisplayNames('en-GB', { type: 'language', fallback: 'code' }),
  of(locale: string): string | undefined {
    try {
      return this.names.of(locale);
    } catch {
      return undefined;
    }
  },
};

/** The instant, again each minute. */
function useMinutes(): string {
  const [now, setNow] = useState(() => new Date().toISOString());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date().toISOString()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
