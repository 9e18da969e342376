import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { judgeFailure } from '../../libs/channels/bounces/failure.js';
import { badSignature, eventId, type Incoming } from '../../libs/responses/mail/providers/inbound-adapter.js';
import { cluesOfMessageId } from '../../libs/responses/mail/which-message/inbound-clues.js';
import { mailProvider } from '../../libs/responses/mail/providers/mail-provider.js';

const event = z.object({ id: eventId, mail: z.string(), what: z.enum(['bounced', 'complained']), words: z.string().optional() });

/** A made-up mail provider: it reports what came back, and who complained, under a key of its own. */
export const pigeonPost = mailProvider(
  { PERENNIAL_PIGEON_KEY: z.string().min(1).optional().describe('the key of the pigeon post') },
  ({ PERENNIAL_PIGEON_KEY: key }) => ({
    'pigeon-events':
      key === undefined
        ? undefined
        : ({ body, headers }) => {
            const given = Buffer.from(headers['x-pigeon-key'] ?? '');
            if (given.length !== key.length || !timingSafeEqual(given, Buffer.from(key))) throw badSignature();
            return Promise.resolve({ incoming: [read(event.parse(JSON.parse(body.toString('utf8'))))] });
          },
  }),
);

function read({ id, mail, what, words }: z.infer<typeof event>): Incoming {
  const clues = cluesOfMessageId(mail);
  if (what === 'complained') return { kind: 'feedback', sourceId: id, clues, feedback: { answer: 'complaint', mailFrom: undefined } };
  return { kind: 'delivery', clues, outcome: { status: 'bounced', ...judgeFailure({ words }) } };
}
