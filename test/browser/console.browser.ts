import type { Locator, Page } from 'playwright-core';
import { queryOne } from '../../libs/persistence/sql.js';
import { eventually } from './eventually.js';
import { populate, type Population } from './population.js';
import { startStage, type Stage } from './stage.js';

let stage: Stage;
let population: Population;
beforeAll(async () => {
  stage = await startStage();
  population = await populate(stage.api.em());
});
afterAll(() => stage.close());
afterEach(async () => {
  expect(await stage.closeWindows()).toEqual([]);
});

const campaignPath = '/campaigns/save-at-risk';
const title = 'Save customers at risk';
const heading = (page: Page, name: string): Locator => page.getByRole('heading', { level: 1, name });

/** One of the figures at the top of a campaign's page, by its title. */
const figure = (page: Page, name: string): Locator =>
  page.locator('section', { has: page.getByRole('heading', { name, exact: true }) }).getByRole('link');
const figures = async (page: Page): Promise<Record<string, number>> => ({
  entered: Number(await figure(page, 'Entered').first().textContent()),
  underway: Number(await figure(page, 'Under way').first().textContent()),
  saved: Number(await figure(page, 'Saved').first().textContent()),
});

/** The same figures, counted by hand. */
const stored = async (): Promise<Record<string, number>> =>
  (await queryOne<Record<string, number>>(
    stage.api.em(),
    `select count(*)::int as enrolled,
            count(*) filter (where entered_at is not null)::int as entered,
            count(*) filter (where state in ('entered', 'paused') and arm = 'treated')::int as underway,
            count(*) filter (where outcome = 'saved')::int as saved
     from enrolment where campaign_id = $1`,
    [population.campaign.id],
  )) ?? {};

const storedState = async (): Promise<unknown> =>
  (await queryOne<{ state: string }>(stage.api.em(), 'select state from campaign where id = $1', [population.campaign.id]))?.state;

describe('signing in', () => {
  it('takes the key out of the address', async () => {
    const page = await stage.openConsole('/campaigns');
    await heading(page, 'Campaigns').waitFor();
    expect(page.url()).toBe(`${stage.api.url}/campaigns`);
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toContain(stage.api.key);
    expect(await page.evaluate('document.cookie')).toBe('');
  });

  it('asks for a key, says that a wrong one is not known, and then shows the page that was asked for', async () => {
    const page = await stage.open({
      refusals: ['401 GET /v1/campaigns', '401 GET /v1/campaigns/save-at-risk/report', '401 POST /v1/session'],
    });
    await page.goto(stage.api.url + campaignPath);
    await page.getByLabel('API key', { exact: true }).fill('pk_nobody');
    await page.keyboard.press('Enter');
    await page.getByText('This key is not known.').waitFor();
    await page.getByLabel('API key', { exact: true }).fill(stage.api.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading(page, title).waitFor();
  });

  it('ends', async () => {
    const page = await stage.openConsole('/campaigns', { refusals: ['401 GET /v1/campaigns'] });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'Sign in').waitFor();
    await page.reload();
    await heading(page, 'Sign in').waitFor();
  });
});

describe('the campaigns', () => {
  it('are listed as they stand, and lead to their pages', async () => {
    const page = await stage.openConsole('/campaigns');
    const { enrolled, underway, saved } = await stored();
    const row = page.getByRole('row', { name: title });
    await row.waitFor();
    const cells = await row.getByRole('cell').allTextContents();
    expect(cells.slice(0, 4)).toEqual(['Live', enrolled, underway, saved].map(String));
    await row.getByRole('link', { name: title }).click();
    await heading(page, title).waitFor();
  });
});

describe('the page of a campaign', () => {
  it('shows what is stored', async () => {
    const page = await stage.openConsole(campaignPath);
    expect(await stored()).toMatchObject(await figures(page));
    await page.getByText('Live, day 7 of 10').waitFor();
    await page.getByText('Answers in this demo come from a made-up population').waitFor();
  });

  it('leads from every count to just as many rows', async () => {
    const page = await stage.openConsole(campaignPath);
    // Each says its number; those of the drawing only at an ending, as a step counts who came and lists who is there.
    const links = page.locator('main a:is([href*="/enrolments"], [href*="/messages"], [href*="/decisions"]):not([href^="/enrolments"])');
    await page.getByRole('list').getByRole('link', { name: 'Held out' }).waitFor();
    const counts = new Map<string, number>();
    for (const link of await links.all()) {
      const href = (await link.getAttribute('href')) ?? '';
      const said = /(?:^|\s)(\d+)(?= |$)/.exec(((await link.textContent()) ?? '').trim())?.[1];
      if (said !== undefined && (await link.getAttribute('data-kind')) !== 'step') counts.set(href, Number(said));
    }
    expect(counts.size).toBeGreaterThanOrEqual(10);
    const ownDrawing = page.getByRole('list').getByRole('link', { name: 'Held out' });
    for (const [href, said] of counts) {
      await links
        .and(page.locator(`[href="${href}"]`))
        .first()
        .click();
      // The address changes before the page does: only the rows themselves show that the list is there.
      await page.waitForURL((url) => `${url.pathname}${url.search}` === href);
      await ownDrawing.waitFor({ state: 'detached' });
      await page.getByText(/^(All \d+ are shown\.|Nobody .*|There is no such .*)$/).waitFor();
      await eventually(async () => expect([href, await page.locator('tbody tr').count()]).toEqual([href, said]));
      await page.goBack();
      await ownDrawing.waitFor();
    }
  });

  it('updates automatically, in place', async () => {
    const page = await stage.openConsole(campaignPath);
    const details = page.getByText('The journey as a table');
    await details.click();
    await page.evaluate('window.isSamePage = true');
    const before = await page.evaluate('scrollY');
    const { entered = 0, underway = 0, saved = 0 } = await figures(page);

    await population.people.answered('accepted', 'saved', { name: 'Frida Gross' });
    await population.people.offered({});

    await eventually(async () => expect(await figures(page)).toEqual({ entered: entered + 2, underway: underway + 1, saved: saved + 1 }));
    expect(await stored()).toMatchObject(await figures(page));
    await page.getByRole('link', { name: 'Frida Gross' }).first().waitFor();
    expect(await page.evaluate('[window.isSamePage, scrollY, document.activeElement.textContent]')).toEqual([
      true,
      before,
      'The journey as a table',
    ]);
  });
});

describe('an enrolment', () => {
  it.each([
    ['Ada Berg', 'Was offered “12 EUR off your next bill” by e-mail (delivered), as it was expected to bring +€21.50', 'Was saved.'],
    ['Cem Demir', 'but it was not sent: the customer has not agreed to marketing on this channel.', 'Could not be reached'],
    ['Dora Endres', 'Got no offer: nothing pays. The best candidate, 12 EUR off your next bill, was expected to bring', ''],
    ['Emil Fuchs', 'Gets nothing on purpose: the random split put this customer into the holdout', ''],
  ])('says why: %s', async (name, because, standing) => {
    const page = await stage.openConsole(`${campaignPath}/enrolments`);
    await page.getByRole('link', { name }).click();
    await heading(page, name).waitFor();
    const verdict = page.getByRole('region', { name: `Why did, or didn’t, ${name} get this?` });
    await eventually(async () => expect(await verdict.textContent()).toContain(because));
    expect(await verdict.textContent()).toContain(standing);
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
  });
});

describe('a pause', () => {
  it('says first how many, how much and how to undo it, and changes nothing before it is confirmed', async () => {
    const page = await stage.openConsole(campaignPath);
    const { underway } = await stored();
    const pause = page.getByRole('button', { name: 'Pause', exact: true });
    await pause.click();
    const dialog = page.getByRole('dialog', { name: `Pause “${title}”?` });
    await dialog.getByText(`${String(underway)} customers under way stay at their step`).waitFor();
    await dialog.getByText('1 planned message does not go out.').waitFor();
    await dialog.getByText(/€\d+ stay reserved for \d+ open offers/).waitFor();
    await dialog.getByText('Resume continues every journey from its step').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await eventually(async () => expect(await page.evaluate('document.activeElement.textContent')).toBe('Pause'));
    expect(await storedState()).toBe('live');
  });

  it('holds the campaign until it is resumed', async () => {
    const page = await stage.openConsole(campaignPath);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Pause it' }).click();
    await page.getByText('Paused, day 7 of 10').waitFor();
    expect(await storedState()).toBe('paused');
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByRole('dialog').getByText('go on from where they stand').waitFor();
    await page.getByRole('button', { name: 'Resume it' }).click();
    await page.getByText('Live, day 7 of 10').waitFor();
    expect(await storedState()).toBe('live');
  });

  it('that the server refuses is shown, and the dialog stays', async () => {
    const page = await stage.openConsole(campaignPath, { refusals: ['409 POST /v1/campaigns/save-at-risk/pause'] });
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await stage.api.request('POST', '/v1/campaigns/save-at-risk/pause');
    await page.getByRole('button', { name: 'Pause it' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await stage.api.request('POST', '/v1/campaigns/save-at-risk/resume');
  });
});
