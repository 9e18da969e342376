import { z } from 'zod';
import { namesWith } from '../../../journeys/answers/table.js';
import { duration } from '../../../journeys/written.js';
import { spoken } from '../../spoken-duration.js';
import { numberShape, saidOfAny } from '../feature.js';
import { featureSource, type FeatureSql } from '../feature-source.js';
import type { SqlWriter } from '../sql-writer.js';
import { inside } from '../windows.js';

type What = 'sent' | 'answered' | 'clicked';

/** What of them is counted: the rows, which ones, and when they became so. */
const counted: Readonly<
  Record<What, (writer: SqlWriter) => Pick<FeatureSql, 'from' | 'kinds'> & { readonly time: string; readonly which: string }>
> = {
  sent: () => ({ from: 'messages', time: 'm.submitted_at', which: `m.state <> 'rejected'` }),
  // An automatic reply or a bounce is no answer of the customer's.
  answered: (writer) => ({
    from: 'answers',
    time: 'r.received_at',
    which: `r.answer = any(${writer.param(
      namesWith(({ personal }) => personal === true),
      'text[]',
    )})`,
  }),
  clicked: () => ({ from: 'events', kinds: ['click'], time: 'e.at', which: `e.kind = 'click'` }),
};

/** How many messages were sent to a customer, answered by them, or clicked in, in the last time. */
export const messages = featureSource({
  schema: z.strictObject({ messages: z.enum(['sent', 'answered', 'clicked']), within: duration, ...numberShape, ...saidOfAny }),
  history: true,
  sql: ({ messages: what, within }, _, writer) => {
    const { time, which, ...relation } = counted[what](writer);
    const window = { time, matching: which, ms: within };
    const value = `(count(*) filter (where ${inside(window, writer)}))::double precision`;
    return { ...relation, value, none: '0', windows: [window], reachMs: within };
  },
  words: ({ messages: what, within }) => `messages ${what} in ${spoken(within)}`,
});
