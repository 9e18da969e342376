import { query, queryOne } from '../../libs/persistence/sql.js';
import { openMailWebhooks, mailProviders } from '../../libs/responses/mail/providers/table.js';
import { replyDomain, startTestInbound, type TestInbound } from '../harness/inbound.js';
import { sendOffer } from '../harness/sent-offer.js';
import { pigeonPost } from './pigeon-post.js';

/** What an installation with a mail provider of its own does before it starts: the file beside this one, and a line. */
afterAll(mailProviders.add('pigeon', pigeonPost));

const key = 'a key that only the pigeons know';
let inbound: TestInbound;
beforeAll(async () => (inbound = await startTestInbound({ env: { PERENNIAL_PIGEON_KEY: key } })));
afterAll(() => inbound.close());

const post = async (event: object, headers: Readonly<Record<string, string>> = { 'x-pigeon-key': key }): Promise<number> =>
  (await fetch(`${inbound.url}/hooks/mail/pigeon-events`, { method: 'POST', headers, body: JSON.stringify(event) })).status;

describe('a made-up mail provider, with one file and one line', () => {
  it('has a webhook where its key is set, and none without', () => {
    const outside = { now: Date.now, fetchText: () => Promise.resolve('') };
    expect([...openMailWebhooks({ PERENNIAL_PIGEON_KEY: key }, outside)].map(([name]) => name)).toEqual(['pigeon-events']);
    expect(openMailWebhooks({}, outside).size).toBe(0);
  });

  it('reports a mail that came back, and one that was complained about, to whoever knows its key', async () => {
    const [back, spam] = [await sendOffer(inbound.em(), 'email'), await sendOffer(inbound.em(), 'email')];
    const bounced = { id: 'p1', mail: `${back.messageId}@${replyDomain}`, what: 'bounced', words: '550 5.1.1 No such nest' };
    expect(await post(bounced, {})).toBe(403);
    expect(await post(bounced)).toBe(200);
    expect(await post({ id: 'p2', mail: `${spam.messageId}@${replyDomain}`, what: 'complained' })).toBe(200);
    expect(await queryOne(inbound.em(), 'select state, error_class as class from message where id = $1', [back.messageId])).toEqual({
      state: 'bounced',
      class: 'dead-address',
    });
    expect(await query(inbound.em(), 'select source, answer from response where customer_id = $1', [spam.customer.id])).toEqual([
      { source: 'pigeon', answer: 'complaint' },
    ]);
  });
});
