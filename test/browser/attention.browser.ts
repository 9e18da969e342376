import type { Page } from 'playwright-core';
import { newId } from '../../libs/platform/ids.js';
import { raiseAlert } from '../../libs/access/alerts.js';
import { receiveResponse } from '../../libs/responses/receive.js';
import { makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeMessage, testNow } from '../harness/factories.js';
import { sendOffer } from '../harness/sent-offer.js';
import { expectAccessible } from './accessible.js';
import { eventually } from './eventually.js';
import { startStage, type Stage } from './stage.js';

/** What has no place to break, as names, titles, addresses and providers' answers may not have. */
const endless = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(2);

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  for (const name of [`Ada ${endless}`, null, 'Cem Demir']) await puzzling(name);
  for (let n = 0; n < 3; n += 1) await unknown();
  const { id } = await makeCampaign(stage.api.em(), { title: `Winter ${endless}` });
  for (const alert of [
    { kind: 'provider-refuses', subject: 'email', detail: `535 5.7.8 ${endless}` },
    { kind: 'campaign-paused', subject: id, detail: 'Too many came back.' },
  ] as const) {
    await raiseAlert(stage.api.em(), alert, testNow);
  }
});
afterAll(() => stage.close());
afterEach(async () => {
  expect(await stage.closeWindows()).toEqual([]);
});

async function puzzling(name: string | null): Promise<void> {
  const em = stage.api.em();
  const { point } = await sendOffer(em, 'email', { customer: await makeCustomer(em, { name }) });
  const text = `${endless}\n${'One line of many that somebody quoted.\n'.repeat(40)}`;
  const said = () => ({ answer: 'unclear', because: 'no rule' }) as const;
  const by = { addressHash: point.addressHash };
  await receiveResponse(em, { source: 'smtp', sourceId: newId(), channel: 'email', by, said, text }, testNow);
}

async function unknown(): Promise<void> {
  const em = stage.api.em();
  const customer = await makeCustomer(em);
  const point = await makeContactPoint(em, customer.id, 'email');
  const enrolment = await makeEnrolment(em, await makeCampaign(em, { title: `Winter ${endless}` }), customer.id);
  const last = { errorClass: 'ambiguous', errorCode: 'ETIMEDOUT' };
  await makeMessage(em, enrolment, point, { state: 'unknown', submittedAt: testNow, settledAt: testNow, ...last });
}

const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.textContent');

it.each([
  ['the desk', '/desk', 'What did the customer mean?'],
  ['unknown messages', '/messages', 'ETIMEDOUT'],
  ['the alerts', '/alerts', 'is not going out'],
])('%s with endless words', async (_, path, shown) => {
  const page = await stage.openConsole(path);
  await page.locator('main').getByText(shown).first().waitFor();
  await expectAccessible(page);
});

describe('an unknown message', () => {
  it('is named in the dialog, which Escape closes, back to its button', async () => {
    const page = await stage.openConsole('/messages');
    const button = page.getByRole('button', { name: 'It was not' }).nth(1);
    await button.press('Enter');
    await page.getByRole('dialog').getByText('The message by e-mail, 2 Mar 2026, 13:00, is recorded as rejected').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await eventually(async () =>
      expect(await button.evaluate('document.activeElement === document.querySelectorAll("tbody button")[3]')).toBe(true),
    );
  });

  it('that was settled is said, and has the focus', async () => {
    const page = await stage.openConsole('/messages');
    await page.getByRole('button', { name: 'It was sent' }).first().press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'It was sent' }).press('Enter');
    await page.getByRole('status').getByText('is recorded as accepted.').waitFor();
    await eventually(async () => expect(await page.locator('tbody tr').count()).toBe(2));
    await eventually(async () => expect(await focused(page)).toBe('The message by e-mail, 2 Mar 2026, 13:00, is recorded as accepted.'));
  });
});

describe('a task', () => {
  it('that was closed is said, and has the focus', async () => {
    const page = await stage.openConsole('/desk');
    const card = page.getByRole('article', { name: 'Cem Demir' });
    await card.getByRole('radio', { name: 'None of these' }).press('Space');
    await card.getByRole('button', { name: 'Close as' }).press('Enter');
    await card.waitFor({ state: 'detached' });
    await eventually(async () => expect(await focused(page)).toBe('The task of Cem Demir is closed as “None of these”.'));
  });

  it('is answered once what will happen was read, and stays open', async () => {
    const page = await stage.openConsole('/desk');
    const card = page.getByRole('article').first();
    await card.getByRole('textbox').fill('Yes, for both of your lines.');
    await card.getByRole('button', { name: 'Send…' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('A sent message cannot be recalled.').waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Send', exact: true }).press('Enter');
    await card.getByRole('list', { name: 'Replies' }).getByText('Yes, for both of your lines.').waitFor();
    await eventually(async () => expect(await card.getByRole('textbox').inputValue()).toBe(''));
    await expectAccessible(page);
    const { body } = await stage.api.request<{ items: { replies: { state: string }[] }[] }>('GET', '/v1/tasks');
    expect(body.items[0]?.replies).toMatchObject([{ state: 'planned' }]);
  });

  it('that is closed once the session ended leads to the sign-in form', async () => {
    const tasks = await stage.api.request<{ items: { id: string }[] }>('GET', '/v1/tasks');
    const page = await stage.openConsole('/desk', {
      refusals: [...tasks.body.items.map(({ id }) => `401 POST /v1/tasks/${id}/close`), ...asked.map((path) => `401 GET ${path}`)],
    });
    await page.getByRole('radio', { name: 'None of these' }).first().press('Space');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Close as' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  });
});

/** What a page loads automatically. */
const asked = ['/v1/tasks', '/v1/campaigns', '/v1/messages', '/v1/alerts'];
