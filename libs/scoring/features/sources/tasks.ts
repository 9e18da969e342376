import { z } from 'zod';
import { duration } from '../../../journeys/written.js';
import { oneOf } from '../../../platform/kinds.js';
import { taskKinds } from '../../../responses/task.entity.js';
import { spoken } from '../../spoken-duration.js';
import { numberShape, saidOfAny } from '../feature.js';
import { featureSource } from '../feature-source.js';
import { at } from '../sql-writer.js';
import { inside } from '../windows.js';

const schema = z
  .strictObject({
    /** The answer that waits, or `any`. */
    tasks: oneOf(() => ['any', ...taskKinds()]),
    /** Those that nobody has closed yet. */
    open: z.literal(true).optional(),
    within: duration.optional(),
    ...numberShape,
    ...saidOfAny,
  })
  .refine(({ open, within }) => open !== undefined || within !== undefined, { message: 'must say open: true, or within, or both' });

/** How many of a customer's answers wait at the desk, or came to it in the last time: complaints, questions. */
export const tasks = featureSource({
  schema,
  history: true,
  sql: ({ tasks: kind, open, within }, _, writer) => {
    const ofKind = kind === 'any' ? 'true' : `t.kind = ${writer.param(kind, 'text')}`;
    const matching = open === true ? `${ofKind} and (t.closed_at is null or t.closed_at > ${at})` : ofKind;
    const count = (condition: string): string => `(count(*) filter (where ${condition}))::double precision`;
    if (within === undefined) return { from: 'tasks', value: count(`${matching} and t.created_at <= ${at}`), none: '0' };
    const window = { time: 't.created_at', matching, ms: within };
    return { from: 'tasks', value: count(inside(window, writer)), none: '0', windows: [window], reachMs: within };
  },
  words: ({ tasks: kind, open, within }) =>
    [
      ...(open === true ? ['open'] : []),
      kind === 'any' ? 'tasks' : `${kind} tasks`,
      ...(within === undefined ? [] : [`in ${spoken(within)}`]),
    ].join(' '),
});
