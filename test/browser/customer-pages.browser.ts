import type { Page } from 'playwright-core';
import { query, queryOne } from '../../libs/persistence/sql.js';
import { createTokens } from '../../libs/platform/tokens.js';
import { makeContactPoint, testSecret } from '../harness/factories.js';
import { sendOffer, type SentOffer } from '../harness/sent-offer.js';
import { expectAccessible } from './accessible.js';
import { startStage, type Stage } from './stage.js';

const tokens = createTokens(testSecret);
let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(async () => {
  expect(await stage.closeWindows()).toEqual([]);
});

const toOffer = ({ offerId }: SentOffer): string => `/o/${tokens.sign('accept', offerId)}`;
const toPreferences = ({ messageId }: SentOffer): string => `/p/${tokens.sign('preferences', messageId)}`;
const stateOf = async ({ offerId }: SentOffer): Promise<unknown> =>
  (await queryOne<{ state: string }>(stage.api.em(), 'select state from offer where id = $1', [offerId]))?.state;

/** Mail programs open links without JavaScript, axe-core does not run without: every page is gone through both ways. */
describe.each([
  { javaScript: 'without', javaScriptEnabled: false, look: () => Promise.resolve() },
  { javaScript: 'with', javaScriptEnabled: true, look: expectAccessible },
])('$javaScript JavaScript', ({ javaScriptEnabled, look }) => {
  async function follow(path: string, refusals: readonly string[] = []): Promise<Page> {
    const page = await stage.open({ javaScriptEnabled, refusals });
    await page.goto(stage.api.url + path);
    return page;
  }

  it('an offer is accepted with one press, and its code shown', async () => {
    const sent = await sendOffer(stage.api.em(), 'email');
    const page = await follow(toOffer(sent));
    await page.getByRole('heading', { level: 1, name: '12 EUR off your next bill' }).waitFor();
    await look(page);
    expect(await stateOf(sent)).toBe('open');
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('status').getByText('The offer is yours.').waitFor();
    await look(page);
    expect(await stateOf(sent)).toBe('accepted');
  });

  it('an offer is declined with the keyboard alone, in the language of the customer', async () => {
    const sent = await sendOffer(stage.api.em(), 'sms', { locale: 'de' });
    const page = await follow(toOffer(sent));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    expect(await stateOf(sent)).toBe('declined');
  });

  it('one press unsubscribes', async () => {
    const sent = await sendOffer(stage.api.em(), 'email');
    const page = await follow(`/u/${tokens.sign('unsubscribe', sent.messageId)}`);
    await look(page);
    await page.getByRole('button', { name: 'Unsubscribe' }).click();
    await page.getByRole('heading', { level: 1, name: 'You are unsubscribed' }).waitFor();
    await look(page);
    const consent = await queryOne(
      stage.api.em(),
      'select granted, source from consent_event where customer_id = $1 order by at desc, id desc limit 1',
      [sent.customer.id],
    );
    expect(consent).toEqual({ granted: false, source: 'one-click' });
  });

  it('the preference centre saves ticks, hours, language and zone, and shows them', async () => {
    const sent = await sendOffer(stage.api.em(), 'email');
    await makeContactPoint(stage.api.em(), sent.customer.id, 'sms', { consent: false });
    const page = await follow(toPreferences(sent), [`422 POST ${toPreferences(sent)}`]);
    await look(page);
    await page
      .getByRole('group', { name: /^E-mail to/ })
      .getByRole('checkbox', { name: 'Send me offers by e-mail' })
      .uncheck();
    await page.getByRole('checkbox', { name: 'Send me offers by text' }).check();
    await page.getByRole('group', { name: 'How would you rather hear from us?' }).getByRole('radio', { name: 'Text messages' }).check();
    await page.getByRole('radio', { name: 'Only between' }).check();
    await page.getByLabel('From').selectOption('1080');
    await page.getByLabel('Until').selectOption('1080');
    await page.getByLabel('Time zone').selectOption({ label: 'Tokyo' });
    await page.getByRole('button', { name: 'Save' }).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    await look(page);
    await alert.getByRole('link').click();
    await page.locator('#from:focus').waitFor();
    await page.getByLabel('Until').selectOption('1260');
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').getByText('Gespeichert').waitFor();
    await look(page);
    expect(await page.getByRole('checkbox', { name: 'Senden Sie mir Angebote per SMS' }).isChecked()).toBe(true);
    expect(await page.getByRole('checkbox', { name: 'Senden Sie mir Angebote per E-Mail' }).isChecked()).toBe(false);
    expect(await page.getByLabel('Zeitzone').inputValue()).toBe('Asia/Tokyo');
    expect(await page.getByLabel('Bis', { exact: true }).inputValue()).toBe('1260');
  });

  it('the preference centre stops everything with the keyboard alone, from the page for unsubscribing', async () => {
    const sent = await sendOffer(stage.api.em(), 'email');
    const page = await follow(`/u/${tokens.sign('unsubscribe', sent.messageId)}`);
    await page.getByRole('link', { name: 'Would you rather choose what you get?' }).press('Enter');
    const stop = page.getByRole('button', { name: 'Stop all messages' });
    await stop.waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Stopped.').waitFor();
    await look(page);
    expect(await stop.count()).toBe(0);
    const [row] = await query(stage.api.em(), 'select reason from suppression where address_hash = $1', [sent.point.addressHash]);
    expect(row).toEqual({ reason: 'opt-out' });
  });

  it('a broken link says what to do', async () => {
    const page = await follow('/o/broken', ['404 GET /o/broken']);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await look(page);
  });

  it('a page is styled, as its content security policy lets its own style through', async () => {
    const page = await follow('/o/broken', ['404 GET /o/broken']);
    expect(await page.locator('main').evaluate('getComputedStyle(document.querySelector("main")).maxWidth')).toBe('544px');
  });
});
