import { z } from 'zod';
import { channelKinds } from '../../../../libs/channels/table.js';
import { breakerStates } from '../../../../libs/messaging/providers/provider.entity.js';
import { alertKinds } from '../../../../libs/access/alerts.js';
import { id, instantOut, pageSchema, paging } from '../http/list-query.js';

export const alertQuery = z.strictObject({
  ...paging,
  open: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .describe('only open alerts, or only cleared ones'),
});
export type AlertQuery = z.infer<typeof alertQuery>;

export const alertPage = pageSchema(
  z.object({
    id,
    kind: z.enum(alertKinds),
    subject: z.string().describe('a channel, the id of a campaign, a file, or a kind of event'),
    title: z.string().nullable().describe('the title of the campaign that it is about'),
    detail: z.string(),
    raisedAt: instantOut,
    clearedAt: instantOut.nullable().describe('null while it is open'),
  }),
);

export const providersOut = z.object({
  items: z.array(
    z.object({
      channel: channelKinds.name,
      setUp: z.boolean().describe('false: this installation has no provider for the channel, and sends nothing on it'),
      breaker: z.enum(breakerStates).describe('open: nothing is sent; probing: a few messages are tried'),
      retryAt: instantOut.nullable().describe('when it is tried again, in real time; null while it works'),
      trips: z.int().describe('how often it failed in a row'),
      pausedUntil: instantOut.nullable().describe('the provider asked to slow down until then, in real time'),
      ratePerSecond: z.number().describe('the most messages per second'),
    }),
  ),
  next: z.null(),
});

const at = '2026-03-02T12:00:00.000Z';
export const alertsExample = {
  items: [
    {
      id: '01995a3e-7c00-7000-8000-000000000009',
      kind: 'provider-down',
      subject: 'email',
      title: null,
      detail: 'The last answers were ECONNREFUSED',
      raisedAt: at,
      clearedAt: null,
    },
  ],
  next: null,
};
export const providersExample = {
  items: [{ channel: 'email', setUp: true, breaker: 'open', retryAt: at, trips: 2, pausedUntil: null, ratePerSecond: 500 }],
  next: null,
};
