import { useInfiniteQuery } from '@tanstack/react-query';
import { customerEventsQuery } from '../../api/customer-queries.js';
import type { CustomerEvent } from '../../api/types.js';
import { moment } from '../../format/time.js';
import { spelledOut } from '../../format/words.js';
import timeline from '../../parts/timeline.module.css';
import css from './customers.module.css';
import { HistoryCard } from './HistoryCard.js';
import { valueText } from './reason-words.js';

/** The customer's events: usage, payments, tickets, the contract. */
export function Events({ customer }: { readonly customer: string }) {
  const list = useInfiniteQuery(customerEventsQuery(customer));
  return (
    <HistoryCard title="Events" aside="latest first, in your time zone" list={list} nothing="No event has been reported.">
      {(events) => (
        <ol className={timeline.timeline}>
          {events.map((event) => (
            <li key={event.id}>
              <time dateTime={event.at}>{moment(event.at)}</time>
              <span className={timeline.mark} data-tone={toneOf(event)} aria-hidden />
              <div className={timeline.entryText}>
                <p className={timeline.entryTitle}>{spelledOut(event.kind)}</p>
                <p className={css.words}>{[...dataTexts(event), `reported by ${event.source}`].join(' · ')}</p>
              </div>
            </li>
          ))}
        </ol>
      )}
    </HistoryCard>
  );
}

/** The plain values of an event; nested values are not shown. */
function dataTexts({ data }: CustomerEvent): string[] {
  return Object.entries(data).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [`${spelledOut(name)}: ${valueText(value)}`]
      : [],
  );
}

/** Events of the contract have a colour, because rules and reports use them. */
function toneOf({ kind }: CustomerEvent): 'rose' | 'leaf' | 'stone' {
  if (kind === 'contract.ended') return 'rose';
  return kind === 'contract.renewed' ? 'leaf' : 'stone';
}
