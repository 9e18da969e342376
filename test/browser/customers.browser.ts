import type { Locator, Page } from 'playwright-core';
import type { Customer } from '../../libs/customers/customer.entity.js';
import { query } from '../../libs/persistence/sql.js';
import { makeContactPoint, makeCustomer } from '../harness/factories.js';
import { expectAccessible } from './accessible.js';
import { eventually } from './eventually.js';
import { makeKnownCustomer, report } from './known-customer.js';
import { populate } from './population.js';
import { startStage, type Stage } from './stage.js';

let stage: Stage;
let known: Customer;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(async () => {
  expect(await stage.closeWindows()).toEqual([]);
});

const heading = (page: Page, name: string): Locator => page.getByRole('heading', { level: 1, name });
const card = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
const field = (page: Page): Locator => page.getByRole('searchbox', { name: 'Search' });
const names = (page: Page): Promise<string[]> => page.getByRole('rowheader').allTextContents();

describe('before there is a customer', () => {
  it('says how one comes in', async () => {
    const page = await stage.openConsole('/customers');
    await page.getByText('No customer yet.').waitFor();
    await expectAccessible(page);
  });
});

describe('with customers', () => {
  beforeAll(async () => {
    await populate(stage.api.em());
    known = await makeKnownCustomer(stage.api.em());
  });

  it('lists them with what a marketer wants first', async () => {
    const page = await stage.openConsole('/customers');
    const row = page.getByRole('row', { name: 'Nora Lindqvist' });
    await row.waitFor();
    expect(await row.getByRole('cell').allTextContents()).toEqual(['7590-VHVEG', 'Active', 'fiber', '€30.00', '0.71', '1', 'E-mail']);
    await expectAccessible(page);
  });

  it.each([
    ['a word of the name', 'lindq'],
    ['the number', '7590-vh'],
    ['an e-mail address', 'Nora <NORA@example.test>'],
    ['a telephone number', '+49 151 123 456 78'],
  ])('finds by %s, and Enter opens the only one', async (_, text) => {
    const page = await stage.openConsole('/customers');
    await field(page).fill(text);
    await eventually(async () => expect(await names(page)).toEqual(['Nora Lindqvist']));
    await page.keyboard.press('Enter');
    await heading(page, 'Nora Lindqvist').waitFor();
    await page.goBack();
    await eventually(async () => expect(await field(page).inputValue()).toBe(text));
  });

  it('narrows to a status, keeps it in the address, and says where nobody is found', async () => {
    const page = await stage.openConsole('/customers?search=1001');
    await page.getByText('Nobody is found.').waitFor();
    expect(await field(page).inputValue()).toBe('1001');
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Show all customers' }).click();
    await page.getByLabel('Status').selectOption('Churned');
    await eventually(async () => expect(await names(page)).toHaveLength(1));
    await page.reload();
    await eventually(async () => expect(await names(page)).toHaveLength(1));
  });

  it('shows more page by page, each once', async () => {
    const em = stage.api.em();
    for (let n = 0; n < 53; n += 1) await makeCustomer(em, { name: `Zweig ${String(n)}`, externalId: `Z-${String(n)}` });
    const page = await stage.openConsole('/customers?search=zweig');
    await page.getByText('The first 50 are shown.').waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('All 53 are shown.').waitFor();
    expect(new Set(await names(page)).size).toBe(53);
  });

  it('says so while the server does not answer, and goes on once it does', async () => {
    const page = await stage.open({ refusals: ['503 GET /v1/customers'] });
    await page.route('**/v1/customers?*', (route) => route.fulfill({ status: 503, json: { title: 'The database does not answer' } }));
    await page.goto(`${stage.api.url}/customers?search=nora#key=${stage.api.key}`);
    await page.getByRole('alert').getByText('The database does not answer').waitFor();
    await page.unroute('**/v1/customers?*');
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByRole('row', { name: 'Nora Lindqvist' }).waitFor();
  });
});

describe('one customer', () => {
  const open = (): Promise<Page> => stage.openConsole(`/customers/${known.id}`);

  it('says first how they stand', async () => {
    const page = await open();
    const summary = page.getByRole('region', { name: 'How does Nora Lindqvist stand?' });
    await summary.getByText('Churn score 0.71, up from 0.52').waitFor();
    await summary.getByText('Is in “Keep fiber customers”').waitFor();
    await summary.getByText('Marketing may reach them by e-mail, not by SMS (no consent).').waitFor();
  });

  it('explains a score in a picture, and in a table for those who do not see it', async () => {
    const page = await open();
    const scores = card(page, 'Scores');
    await scores.getByText('The reasons as a table').click();
    const rows = scores.getByRole('row');
    expect(await rows.allTextContents()).toEqual([
      'ReasonWhat it doesOddsLog-odds',
      'How long the customer is bound: month to monthraises it clearly× 2.5+0.91',
      'Whole months as a customer: 12lowers it clearly÷ 1.7−0.52',
      'Kind of internet access: fiber opticraises it clearly× 1.6+0.47',
      'Gets bills by e-mail: yesraises it slightly× 1.1+0.12',
    ]);
    const bars = scores.locator('[data-way]');
    const box = async (n: number) => (await bars.nth(n).boundingBox()) ?? { x: 0, width: 0 };
    const [up, down] = [await box(0), await box(1)];
    expect(down.x + down.width).toBeCloseTo(up.x, 0);
    expect(down.width / up.width).toBeCloseTo(0.52 / 0.91, 1);
  });

  it('says why they are in no other campaign', async () => {
    const page = await open();
    const campaigns = card(page, 'Campaigns');
    for (const said of [
      'Not in the audience: customer.contract == "two-year", but contract is month to month.',
      'The churn score is 0.71: 0.09 below the threshold of 0.80.',
      'Customers enter only when a person enrols them.',
      'The next check enrols them, treated.',
    ])
      await campaigns.getByText(said).waitFor();
    await campaigns.getByRole('link', { name: 'Under way' }).click();
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    await page.getByRole('link', { name: 'customer number 7590-VHVEG' }).click();
    await card(page, 'Scores').waitFor();
  });

  it('has its events, decisions, messages, offers, answers and tasks, each with a way on', async () => {
    const page = await open();
    const events = card(page, 'Events').getByRole('listitem');
    await eventually(async () => expect(await events.count()).toBe(3));
    expect(await events.first().textContent()).toContain('Ticket openedTopic: slow connection · reported by crm');
    const rows = async (name: string): Promise<string[]> => (await card(page, name).getByRole('row').allTextContents()).slice(1);
    await eventually(async () => expect((await rows('Decisions')).length).toBe(2));
    expect(await rows('Decisions')).toContainEqual(expect.stringContaining('blockedSMSno consentKeep fiber customers'));
    await eventually(async () => expect(await rows('Messages')).toEqual([expect.stringContaining('deliveredE-mailsave-offer')]));
    expect(await rows('Offers')).toEqual([expect.stringContaining('open12 EUR off your next bill€12.00')]);
    await eventually(async () =>
      expect(await rows('Answers and tasks')).toEqual([expect.stringContaining('QuestionE-mailDoes the discount')]),
    );
    for (const name of ['Decisions', 'Messages', 'Offers', 'Answers and tasks'])
      expect(await card(page, name).getByRole('rowheader').first().getByRole('link').getAttribute('href')).toMatch(/^\/enrolments\//);
    await card(page, 'Answers and tasks')
      .getByRole('link', { name: /^open, due/ })
      .click();
    await heading(page, 'Desk').waitFor();
    await page.getByRole('link', { name: 'Nora Lindqvist' }).click();
    await heading(page, 'Nora Lindqvist').waitFor();
  });

  it('says what keeps messages from an address, and which consents there were', async () => {
    const page = await open();
    const contact = card(page, 'Contact');
    const points = contact.getByRole('listitem');
    await points.first().waitFor();
    expect(await points.allTextContents()).toEqual([
      'E-mail nora@example.testmay be sent Marketingmay be sent About the contract',
      'SMS +4915112345678no consent Marketingmay be sent About the contract',
    ]);
    await contact.getByText('Consents given and withdrawn (1)').click();
    await contact.getByText('given: marketing by e-mail').waitFor();
  });

  it('is accessible in every size, with all that is folded opened', async () => {
    const page = await open();
    await card(page, 'Answers and tasks').getByRole('row').nth(1).waitFor();
    for (const summary of await page.locator('details > summary').all()) await summary.click();
    await expectAccessible(page);
  });

  it('updates automatically, in place', async () => {
    const page = await open();
    const toggle = page.getByText('The reasons as a table');
    await toggle.click();
    await page.evaluate('window.isSamePage = true');
    await card(page, 'Answers and tasks').getByRole('row').nth(1).waitFor();
    const before = await page.evaluate('scrollY');
    await report(stage.api.em(), known.id, 'visit.cancel_page');
    await query(stage.api.em(), `update score set value = 0.74 where customer_id = $1 and kind = 'churn'`, [known.id]);
    await card(page, 'Events').getByText('Visit cancel page').waitFor();
    await card(page, 'Scores').getByText('0.74').waitFor();
    expect(await page.evaluate('[window.isSamePage, scrollY, document.activeElement.textContent]')).toEqual([
      true,
      before,
      'The reasons as a table',
    ]);
  });

  it('who is nobody’s yet has a page too', async () => {
    const em = stage.api.em();
    const bare = await makeCustomer(em, { name: null, attributes: {}, monthlyCharge: null, currency: null, plan: null, tenure: null });
    await makeContactPoint(em, bare.id, 'email', { consent: false });
    const page = await stage.openConsole(`/customers/${bare.id}`);
    await page.getByText('Has no churn score yet. Is in no campaign.').waitFor();
    for (const said of [
      'Has never been enrolled.',
      'No event has been reported',
      'Nothing has been decided',
      'No message has been planned',
    ])
      await page.getByText(said).waitFor();
    await expectAccessible(page);
  });

  it('whom nobody knows is not found', async () => {
    const unknown = '01995a3e-7c00-7000-8000-00000000ffff';
    const page = await stage.openConsole(`/customers/${unknown}`, { refusals: [`404 GET /v1/customers/${unknown}`] });
    await page.getByRole('alert').waitFor();
  });
});
