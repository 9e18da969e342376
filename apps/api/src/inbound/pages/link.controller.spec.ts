import { request } from 'node:http';
import { stringify } from 'yaml';
import { newId } from '../../../../../libs/platform/ids.js';
import { query, queryOne } from '../../../../../libs/persistence/sql.js';
import type { Documents } from '../../../../../libs/content/documents.js';
import { publish } from '../../../../../libs/publishing/publish.js';
import { shippedDocuments } from '../../../../../test/harness/content.js';
import { testNow } from '../../../../../test/harness/factories.js';
import { startTestInbound, type TestInbound } from '../../../../../test/harness/inbound.js';
import { sendOffer, type SentOffer } from '../../../../../test/harness/sent-offer.js';

const terms = 'https://example.com/terms?from=mail#top';

let inbound: TestInbound;

/** The project's content, with this one text of the template. */
async function withText(links: Readonly<Record<string, string>>): Promise<Documents> {
  const text = stringify({
    subject: 'Hello',
    mjml: `<mjml><mj-body><mj-section><mj-column><mj-text>{{ company.name }}, {{ company.address }} <a href="{{ links.unsubscribe }}">Leave</a>
      ${Object.keys(links)
        .map((name) => `<a href="{{ links.${name} }}">More</a>`)
        .join('')}</mj-text></mj-column></mj-section></mj-body></mjml>`,
    sms: '{{ company.name }} STOP',
    links,
  });
  const others = [...(await shippedDocuments()).keys()].filter((path) => path.startsWith('templates/save-offer/'));
  return shippedDocuments({ ...Object.fromEntries(others.map((path) => [path, undefined])), 'templates/save-offer/en.yaml': text });
}

beforeAll(async () => {
  inbound = await startTestInbound({ documents: await withText({ terms }) });
});
afterAll(() => inbound.close());

const linkTo = (value: string, purpose: 'click' | 'accept' = 'click'): string =>
  `${inbound.url}/l/${inbound.context.tokens.sign(purpose, value)}`;
const follow = (url: string, method = 'GET'): Promise<Response> => fetch(url, { method, redirect: 'manual' });
const clicksOf = ({ customer }: SentOffer): Promise<object[]> =>
  query(inbound.em(), `select kind, source, source_id as "sourceId", data from customer_event where customer_id = $1`, [customer.id]);

describe('a tracked link', () => {
  it('leads to the template’s target, sends no referrer, and is counted once', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const answers = await Promise.all(Array.from({ length: 5 }, () => follow(linkTo(`${sent.messageId}.terms`))));
    for (const answer of answers) {
      expect(answer.status).toBe(302);
      expect(answer.headers.get('location')).toBe(terms);
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect(await clicksOf(sent)).toEqual([{ kind: 'click', source: 'link', sourceId: `${sent.messageId}:terms`, data: { link: 'terms' } }]);
    expect(await query(inbound.em(), 'select 1 from response where customer_id = $1', [sent.customer.id])).toEqual([]);
  });

  it('changes nothing for a program that only checks it', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const answer = await follow(linkTo(`${sent.messageId}.terms`), 'HEAD');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, terms]);
    expect(await clicksOf(sent)).toEqual([]);
  });

  it('proves that an unknown message has arrived', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    await query(inbound.em(), `update message set state = 'unknown', error_class = 'ambiguous' where id = $1`, [sent.messageId]);
    await follow(linkTo(`${sent.messageId}.terms`));
    const message = await queryOne(inbound.em(), 'select state, settled_by as by from message where id = $1', [sent.messageId]);
    expect(message).toEqual({ state: 'accepted', by: 'answer' });
  });

  it('is not an open redirect: every other text leads to a friendly page', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const signed = inbound.context.tokens.sign('click', `${sent.messageId}.terms`);
    const [value, mac] = [signed.slice(0, signed.lastIndexOf('.')), signed.slice(signed.lastIndexOf('.') + 1)];
    const crafted = [
      `${inbound.url}/l/https%3A%2F%2Fevil.example`,
      `${inbound.url}/l/https%3A%2F%2Fevil.example.${mac}`,
      `${inbound.url}/l/${value}x.${mac}`,
      `${inbound.url}/l/${value}.${mac.replace(/^./, mac.startsWith('0') ? '1' : '0')}`,
      `${inbound.url}/l/${value}`,
      `${inbound.url}/l/${encodeURIComponent(`${signed}\r\nLocation: https://evil.example`)}`,
      `${inbound.url}/l/%0d%0aLocation:%20https:%2f%2fevil.example%0d%0a`,
      `${inbound.url}/l//evil.example`,
      `${inbound.url}/l/..%2f..%2fevil.example`,
      // Signed, but for another purpose, another link, another message, or nothing of ours at all.
      linkTo(`${sent.messageId}.terms`, 'accept'),
      linkTo(`${sent.messageId}.imprint`),
      linkTo(`${sent.messageId}.constructor`),
      linkTo(`${newId()}.terms`),
      linkTo('https://evil.example'),
      linkTo(`${sent.messageId}.terms\r\nSet-Cookie: a=b`),
    ];
    for (const url of crafted) {
      const answer = await follow(url);
      expect([url, answer.status, answer.headers.get('location'), answer.headers.get('set-cookie')]).toEqual([url, 404, null, null]);
    }
    const page = await follow(crafted[0] ?? '');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).not.toContain('evil');
    expect(await clicksOf(sent)).toEqual([]);
  });

  it('that a newer text does not declare still leads to the older target', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const [documents, imprint] = [await withText({ imprint: 'https://example.com/imprint' }), linkTo(`${sent.messageId}.imprint`)];
    expect((await follow(imprint)).status).toBe(404);
    await publish(inbound.em(), { documents, author: 'a test' }, 'en', testNow);
    await inbound.context.content.loadLatest();
    expect((await follow(imprint)).headers.get('location')).toBe('https://example.com/imprint');
    expect((await follow(linkTo(`${sent.messageId}.terms`))).headers.get('location')).toBe(terms);
    expect((await follow(linkTo(`${sent.messageId}.never`))).status).toBe(404);
  });

  it('takes no target from the address, its query or its headers', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const url = new URL(linkTo(`${sent.messageId}.terms`));
    const location = await new Promise((resolve, reject) => {
      request(
        `${url.href}?to=https://evil.example&url=//evil.example`,
        { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example', referer: 'https://evil.example/' } },
        ({ headers }) => resolve(headers.location),
      )
        .on('error', reject)
        .end();
    });
    expect(location).toBe(terms);
  });
});
