import { makeCustomer, testNow, day } from '../../../../../test/harness/factories.js';
import { startTestInbound, type TestInbound } from '../../../../../test/harness/inbound.js';
import { makeMessage, sendOffer, type SentOffer } from '../../../../../test/harness/sent-offer.js';
import { query } from '../../../../../libs/persistence/sql.js';
import { newId } from '../../../../../libs/platform/ids.js';
import { signalsTo } from '../../../../../test/harness/signals.js';

let inbound: TestInbound;
beforeAll(async () => {
  inbound = await startTestInbound();
});
afterAll(() => inbound.close());
beforeEach(() => inbound.setNow(testNow));

const offerUrl = (sent: SentOffer): string => `${inbound.url}/o/${inbound.context.tokens.sign('accept', sent.offerId)}`;
const unsubscribeUrl = (sent: SentOffer): string => `${inbound.url}/u/${inbound.context.tokens.sign('unsubscribe', sent.messageId)}`;
const press = (sent: SentOffer, answer: string): Promise<Response> =>
  fetch(offerUrl(sent), { method: 'POST', body: new URLSearchParams({ answer }), redirect: 'manual' });
const responsesOf = ({ customer }: SentOffer): Promise<object[]> =>
  query(inbound.em(), 'select answer, source, channel from response where customer_id = $1 order by id', [customer.id]);
const stateOf = async ({ offerId }: SentOffer): Promise<unknown> =>
  (await query(inbound.em(), 'select state from offer where id = $1', [offerId]))[0];

describe('the page of an offer', () => {
  it('shows the offer and changes nothing, however often a scanner opens it', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(offerUrl(sent), { method })).status).toBe(200);
    const page = await (await fetch(offerUrl(sent))).text();
    expect(page).toContain('12 EUR off your next bill');
    expect(page).toContain('March 16, 2026');
    expect(page).toContain('>Accept</button>');
    expect(page).toContain('>No, thank you</button>');
    expect(await stateOf(sent)).toEqual({ state: 'open' });
    expect(await responsesOf(sent)).toEqual([]);
  });

  it.each([
    ['de', 'Annehmen', '16. März 2026'],
    ['fr-FR', 'Accepter', '16 mars 2026'],
    ['es', 'Aceptar', '16 de marzo de 2026'],
    ['ja', 'Accept', 'March 16, 2026'],
    ['en-GB', 'Accept', '16 March 2026'],
    ['de_CH', 'Annehmen', '16. März 2026'],
    ['fil-PH', 'Accept', 'March 16, 2026'],
  ])('is in the language of the customer: %s', async (locale, button, expiry) => {
    const page = await (await fetch(offerUrl(await sendOffer(inbound.em(), 'email', { locale })))).text();
    expect(page).toContain(`>${button}</button>`);
    expect(page).toContain(expiry);
  });

  it('shows the hour in the customer’s own zone', async () => {
    const customer = await makeCustomer(inbound.em(), { timeZone: 'America/New_York' });
    const page = await (await fetch(offerUrl(await sendOffer(inbound.em(), 'email', { customer })))).text();
    expect(page).toMatch(/8:00\sAM/);
  });

  it('accepts, once, and shows the code', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const answers = await Promise.all(Array.from({ length: 10 }, () => press(sent, 'accepted')));
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('The offer is yours');
    }
    expect(await responsesOf(sent)).toEqual([{ answer: 'accepted', source: 'link', channel: 'email' }]);
    expect(await signalsTo(inbound.em(), sent.enrolment.id)).toHaveLength(1);
    expect(await (await press(sent, 'declined')).text()).toContain('The offer is yours');
    expect(await stateOf(sent)).toEqual({ state: 'accepted' });
  });

  it('declines', async () => {
    const sent = await sendOffer(inbound.em(), 'sms');
    expect((await press(sent, 'declined')).status).toBe(200);
    expect(await stateOf(sent)).toEqual({ state: 'declined' });
    expect(await responsesOf(sent)).toEqual([{ answer: 'declined', source: 'link', channel: 'sms' }]);
  });

  it('reports that it is too late, and stores the visit', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    inbound.setNow(new Date(testNow.getTime() + 15 * day));
    expect(await (await fetch(offerUrl(sent))).text()).not.toContain('<button');
    const answer = await press(sent, 'accepted');
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('This offer has ended')]);
    expect(await responsesOf(sent)).toHaveLength(1);
    expect(await stateOf(sent)).toEqual({ state: 'open' });
  });

  it('escapes what comes from outside', async () => {
    const sent = await sendOffer(inbound.em(), 'email', { offer: { title: '<script>alert("1")</script> & more' } });
    const page = await (await fetch(offerUrl(sent))).text();
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more');
    expect(page).not.toContain('<script');
  });

  it('loads nothing, cannot be framed, and sends no referrer', async () => {
    const { headers } = await fetch(offerUrl(await sendOffer(inbound.em(), 'email')));
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'/,
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-robots-tag')).toContain('noindex');
    expect(headers.get('set-cookie')).toBeNull();
  });

  it('accepts no other answer, and no long one', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    expect((await press(sent, 'opt-out')).status).toBe(400);
    expect((await press(sent, 'a'.repeat(110_000))).status).toBe(413);
    expect(await responsesOf(sent)).toEqual([]);
  });
});

describe('the page for unsubscribing', () => {
  const consentOf = ({ customer }: SentOffer): Promise<object[]> =>
    query(inbound.em(), 'select granted, source from consent_event where customer_id = $1 order by at, id', [customer.id]);

  it('asks, and changes nothing', async () => {
    const sent = await sendOffer(inbound.em(), 'email', { locale: 'de' });
    const page = await (await fetch(unsubscribeUrl(sent))).text();
    expect(page).toContain('>Abmelden</button>');
    expect(await consentOf(sent)).toHaveLength(1);
  });

  const oneClick = 'List-Unsubscribe=One-Click';
  const multipart = new FormData();
  multipart.set('List-Unsubscribe', 'One-Click');
  it.each<[string, RequestInit]>([
    ['urlencoded', { body: oneClick, headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['multipart', { body: multipart }],
    ['without a body', {}],
  ])('accepts one click, %s, twice, without a redirect or a cookie', async (_, request) => {
    const sent = await sendOffer(inbound.em(), 'email');
    for (let time = 0; time < 2; time++) {
      const answer = await fetch(unsubscribeUrl(sent), { method: 'POST', redirect: 'manual', ...request });
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
      expect(await answer.text()).toContain('You are unsubscribed');
    }
    expect(await consentOf(sent)).toEqual([
      { granted: true, source: 'import' },
      { granted: false, source: 'one-click' },
    ]);
  });

  it("a scanner's GET and a double POST on one-click", async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const planned = await makeMessage(inbound.em(), sent, { state: 'planned', step: 'second', submittedAt: null, settledAt: null });
    const stateOfPlanned = async (): Promise<unknown> =>
      (await query(inbound.em(), 'select state from message where id = $1', [planned]))[0];
    const scans = await Promise.all(['GET', 'HEAD', 'GET', 'OPTIONS'].map((method) => fetch(unsubscribeUrl(sent), { method })));
    expect(scans.every(({ status }) => status < 500)).toBe(true);
    expect(await consentOf(sent)).toEqual([{ granted: true, source: 'import' }]);
    expect(await stateOfPlanned()).toEqual({ state: 'planned' });

    const click = (): Promise<Response> =>
      fetch(unsubscribeUrl(sent), { method: 'POST', body: new URLSearchParams(oneClick), redirect: 'manual' });
    const answers = await Promise.all([click(), click()]);
    expect([...answers, await click()].map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await consentOf(sent)).toEqual([
      { granted: true, source: 'import' },
      { granted: false, source: 'one-click' },
    ]);
    expect(await responsesOf(sent)).toEqual([{ answer: 'opt-out', source: 'one-click', channel: 'email' }]);
    expect(await stateOfPlanned()).toEqual({ state: 'withdrawn' });
    expect(await signalsTo(inbound.em(), sent.enrolment.id)).toHaveLength(1);
  });

  it('is for the channel of its message', async () => {
    const sent = await sendOffer(inbound.em(), 'sms');
    const answer = await fetch(unsubscribeUrl(sent), { method: 'POST', body: oneClick });
    expect(await answer.text()).toContain('no more texts, neither offers nor messages about your contract');
    expect(await responsesOf(sent)).toEqual([{ answer: 'opt-out', source: 'one-click', channel: 'sms' }]);
  });
});

describe('the page for unsubscribing explains what it ends', () => {
  it.each([
    ['en', 'email', 'Stop offers by e-mail?', 'You will still hear from us about your contract'],
    ['en', 'sms', 'Stop all our texts?', 'also messages about your contract'],
    ['de', 'email', 'Keine Angebote mehr per E-Mail?', 'erhalten Sie weiterhin'],
    ['de', 'whatsapp', 'Gar keine WhatsApp-Nachrichten mehr von uns?', 'auch Nachrichten zu Ihrem Vertrag'],
    ['fr', 'email', 'Ne plus recevoir d’offres par e-mail ?', 'Vous recevrez toujours'],
    ['fr', 'sms', 'Ne plus recevoir aucun SMS de notre part ?', 'ni messages sur votre contrat'],
    ['es', 'email', '¿No recibir más ofertas por correo?', 'Seguirá recibiendo'],
    ['es', 'sms', '¿No recibir ningún SMS más de nosotros?', 'ni mensajes sobre su contrato'],
  ] as const)('%s, %s', async (locale, channel, title, scope) => {
    const sent = await sendOffer(inbound.em(), channel, { locale });
    const url = unsubscribeUrl(sent);
    const page = await (await fetch(url)).text();
    expect(page).toContain(title);
    expect(page).toContain(scope);
    const goesOn = channel === 'email' ? scope : undefined;
    const left = await (await fetch(url, { method: 'POST' })).text();
    expect(goesOn === undefined || left.includes(goesOn)).toBe(true);
  });
});

describe('a link that is not ours', () => {
  it('shows one and the same page without hints', async () => {
    const sent = await sendOffer(inbound.em(), 'email');
    const { tokens } = inbound.context;
    const wrong = [
      `/o/${sent.offerId}`,
      `/o/${sent.offerId}.${'0'.repeat(32)}`,
      `/o/${tokens.sign('unsubscribe', sent.offerId)}`,
      `/o/${tokens.sign('accept', newId())}`,
      `/u/${tokens.sign('accept', sent.messageId)}`,
      `/u/${tokens.sign('unsubscribe', newId())}`,
      '/u/%22%3E%3Cscript%3E',
    ];
    const pages = new Set<string>();
    for (const path of wrong) {
      for (const method of ['GET', 'POST']) {
        const body = method === 'POST' ? new URLSearchParams({ answer: 'accepted' }) : null;
        const answer = await fetch(inbound.url + path, { method, body, headers: { 'accept-language': 'fr-CH, en;q=0.5' } });
        expect([path, answer.status]).toEqual([path, 404]);
        expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
        pages.add(await answer.text());
      }
    }
    expect(pages.size).toBe(1);
    expect([...pages][0]).toContain('Il n’y a rien ici');
  });
});
