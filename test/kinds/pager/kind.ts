import { z } from 'zod';
import type { ChannelKind } from '../../../libs/channels/channel-kind.js';
import { channelSettings } from '../../../libs/channels/channel-settings.js';
import { purposes } from '../../../libs/channels/purpose.js';
import { usual } from './usual.js';
import { pagerTemplate } from './template.js';
import { texts } from './texts.js';

interface OwnSettings {
  readonly url: string;
}

/** A made-up channel: a pager, whose service takes a number and a line of text. */
export const pager: ChannelKind<OwnSettings> = {
  address: 'phone',
  words: { called: 'pager', message: 'a page' },
  texts,
  named: ['pager', 'pages', 'beeper'],
  optOutEnds: purposes,
  imports: { field: 'pager', consents: /pager/i },
  replies: { longest: 80, withinMs: Infinity },
  settings: channelSettings(
    {
      PERENNIAL_PAGER_URL: z.url().optional().describe('the pager service; without it the channel is off'),
      PERENNIAL_PAGER_RATE: z.coerce.number().positive().default(10).describe('pages a second, at most'),
    },
    ({ PERENNIAL_PAGER_URL: url, PERENNIAL_PAGER_RATE: ratePerSecond }) => ({
      own: url === undefined ? undefined : { url },
      ratePerSecond,
    }),
  ),
  template: pagerTemplate,
  preview: { shown: z.object({ line: z.string() }), show: (line: string | undefined) => (line === undefined ? undefined : { line }) },
  usual,
  open: async ({ url }) => (await import('./pager.js')).createPagerChannel(url, usual.errors),
};
