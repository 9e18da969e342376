import { createCampaign } from '../../libs/campaigns/campaigns.js';
import { testNow } from '../harness/factories.js';
import { expectAccessible } from './accessible.js';
import { populate, type Population } from './population.js';
import { startStage, type Stage } from './stage.js';

let stage: Stage;
let population: Population;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(async () => {
  // A page that does not exist has status 404 too.
  expect((await stage.closeWindows()).filter((error) => error !== '404 GET /elsewhere')).toEqual([]);
});

describe('before anything has happened', () => {
  it('asks for a key', async () => {
    const page = await stage.open({ refusals: ['401 GET /v1/campaigns', '401 POST /v1/session'] });
    await page.goto(stage.api.url);
    await page.getByLabel('API key', { exact: true }).fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('This key is not known.').waitFor();
    await expectAccessible(page);
  });

  it('says how to begin', async () => {
    const page = await stage.openConsole('/campaigns');
    await page.getByRole('heading', { name: 'No campaign yet' }).waitFor();
    await expectAccessible(page);
  });

  it('shows a campaign that has not begun, and what its launch would do', async () => {
    const draft = await createCampaign(stage.api.em(), draftYaml, { templates: ['save-offer'] }, testNow);
    const page = await stage.openConsole(`/campaigns/${draft.key}`);
    await page.getByText('No message has been planned yet.').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('dialog').getByText('Nobody enters at once.').waitFor();
    await expectAccessible(page);
  });
});

describe('with customers', () => {
  beforeAll(async () => {
    population = await populate(stage.api.em());
    await population.people.pending();
  });

  it.each([
    ['the campaigns', () => '/campaigns', 'Save customers at risk'],
    ['a campaign', () => '/campaigns/save-at-risk', 'about to enter'],
    ['enrolments', () => '/campaigns/save-at-risk/enrolments', 'Maximiliane'],
    ['decisions', () => '/campaigns/save-at-risk/decisions', 'quiet hours'],
    ['messages', () => '/campaigns/save-at-risk/messages', 'planned'],
    ['a saved customer', () => `/enrolments/${population.saved.id}`, 'Was saved.'],
    ['a customer held out', () => `/enrolments/${population.heldOut.id}`, 'Gets nothing on purpose'],
    ['the templates', () => '/templates', 'save-offer'],
    ['a template', () => '/templates/save-offer', 'Sample values'],
    ['what is published', () => '/publications', 'The files beside this server'],
    ['unknown messages', () => '/messages', 'There are no unknown messages'],
    ['the alerts', () => '/alerts', 'Providers'],
    ['the desk', () => '/desk', 'Desk'],
    ['no such page', () => '/elsewhere', 'There is no such page'],
  ])('%s', async (_, path, shown) => {
    const page = await stage.openConsole(path());
    await page.locator('main').getByText(shown).filter({ visible: true }).first().waitFor();
    await expectAccessible(page);
  });

  it('a pause about to be confirmed', async () => {
    const page = await stage.openConsole('/campaigns/save-at-risk');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Pause it' }).waitFor();
    await expectAccessible(page);
  });
});

const draftYaml = `campaign: draft
title: A draft that nobody has launched
goal: customer.status == "renewed"
audience: customer.status == "active"
trigger: { score: churn, rises_above: 0.50, falls_below: 0.40 }
holdout: 10%
budget: 100 EUR
window: 10 days
journey:
  - wait: 2 days
`;
