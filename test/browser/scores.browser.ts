import { query } from '../../libs/persistence/sql.js';
import { newId } from '../../libs/platform/ids.js';
import { ScoreWatch } from '../../libs/scoring/registry/score-watch.entity.js';
import { makeCampaign, makeCustomer, testNow } from '../harness/factories.js';
import { makeMeasuredModel } from '../harness/measured-model.js';
import { expectAccessible } from './accessible.js';
import { startStage, type Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(async () => {
  expect(await stage.closeWindows()).toEqual([]);
});
beforeEach(() => query(stage.api.em(), 'truncate customer, campaign, score_model cascade'));

const em = () => stage.api.em();

/** Two versions of churn, of which the first is in use, sixty customers who are scored, and a campaign that starts with the score. */
async function prepare(): Promise<string> {
  const { id, metrics } = await makeMeasuredModel(em());
  await makeMeasuredModel(em(), { version: 2, state: 'challenger', slope: 2, promotedAt: null });
  const refusedFor = ['its AUC is 0.5512, and the declaration asks for at least 0.6'];
  await makeMeasuredModel(em(), { version: 3, state: 'candidate', promotedAt: null, metrics: { ...metrics, refusedFor } });
  const psi = { tenure: 0.31, contract: 0.12, score: 0.04 };
  await em().insert(ScoreWatch, { id: newId(), kind: 'churn', model: id, at: testNow, customers: 7043, figures: { psi } });
  const trigger = { kind: 'score', score: 'churn', risesAbove: 0.5, fallsBelow: 0.4 };
  await makeCampaign(em(), { key: 'save-at-risk', title: 'Save customers at risk', definition: { trigger } });
  const customers = Array.from({ length: 60 }, (_, at) =>
    makeCustomer(em(), { tenure: at % 40, attributes: { contract: at % 3 === 0 ? 'two-year' : 'month-to-month' } }),
  );
  const [first] = await Promise.all(customers);
  await stage.api.request('POST', '/v1/score-kinds/churn/sweep');
  return first?.id ?? '';
}

it('lists all scores, and says what to do where there is no model', async () => {
  const page = await stage.openConsole('/scores');
  await page.getByText('none yet').first().waitFor();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Likelihood of leaving' }).click();
  await page.getByText('perennial scores train churn').waitFor();
  await page.getByText('Nobody has this score yet.').waitFor();
  await expectAccessible(page);
});

describe('with models', () => {
  let customer: string;
  beforeEach(async () => (customer = await prepare()));

  it('shows in the list what is in use and what drifted', async () => {
    const page = await stage.openConsole('/scores');
    const row = page.getByRole('row', { name: /Likelihood of leaving/ });
    await row.getByText('version 1').waitFor();
    await row.getByText('Moved away').waitFor();
    await expectAccessible(page);
  });

  it('answers whether a score can be trusted, and shows the figures as pictures and tables', async () => {
    const page = await stage.openConsole('/scores/churn');
    await page.getByText(/Of two customers of whom one left/).waitFor();
    await page.getByText(/At 0.50: \d+ customers/).waitFor();
    await page.getByText(/of whom \d+% left in the past/).waitFor();
    await expectAccessible(page);
    const drivers = page.getByRole('region', { name: 'What drives it' });
    await drivers.getByRole('button', { name: 'How long the customer is bound' }).click();
    await drivers.getByRole('heading', { name: 'How long the customer is bound' }).waitFor();
    for (const name of ['The calibration', 'What drives it', 'The drift', 'The distribution']) {
      await page.getByText(`${name} as a table`, { exact: true }).click();
      await page.getByRole('group', { name, exact: true }).getByRole('table').waitFor();
    }
    await expectAccessible(page);
  });

  it('promotes a version after it has said who crosses, and rolls back', async () => {
    const page = await stage.openConsole('/scores/churn');
    expect(await page.getByRole('button', { name: 'Promote version 3' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Promote version 2' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/For “Save customers at risk” \d+ customers? would rise above 0.50 and \d+ customers? fall below it/).waitFor();
    await dialog.getByText(/Version 1 can be put to use again/).waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Put it to use' }).click();
    await page.getByRole('status').getByText('Version 2 is in use now.').waitFor();
    await page.getByRole('button', { name: 'Roll back to version 1' }).click();
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('status').getByText('Version 1 is in use now.').waitFor();
  });

  it('shows the figures of a version that missed a gate, and which one', async () => {
    const page = await stage.openConsole('/scores/churn?version=3');
    await page.getByText('the declaration asks for at least 0.6').waitFor();
    await page.getByText('which is not in use').waitFor();
    await expectAccessible(page);
  });

  it('scores everybody at once', async () => {
    const page = await stage.openConsole('/scores/churn');
    await page.getByRole('button', { name: 'Score everybody now' }).click();
    await page.getByRole('status').getByText('A sweep runs').waitFor();
  });

  it('shows on the page of a customer how the score adds up', async () => {
    const page = await stage.openConsole(`/customers/${customer}`);
    await page.getByText('How it adds up').click();
    const sum = page.getByRole('group', { name: 'How Likelihood of leaving adds up' });
    await sum.getByText('Base: expected where nothing is known').waitFor();
    await sum.getByText('How long the customer is bound: two year').waitFor();
    await sum.getByText(/Together, which is a likelihood of 0\.\d\d/).waitFor();
    await expectAccessible(page);
  });
});
