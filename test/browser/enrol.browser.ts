import { queryOne } from '../../libs/persistence/sql.js';
import { makeCampaign, makeContactPoint, makeCustomer } from '../harness/factories.js';
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

describe('enrolling by hand', () => {
  it('shows first how many, at what cost, and who is not enrolled, and then enrols', async () => {
    const em = stage.api.em();
    const { id, key } = await makeCampaign(em, { title: 'Spring', definition: { trigger: { kind: 'manual' } } });
    const numbers: string[] = ['N-404'];
    for (let n = 0; n < 6; n += 1) {
      const customer = await makeCustomer(em, { externalId: `N-${String(n)}`, tenure: n === 5 ? 1 : 12 });
      if (n > 0) await makeContactPoint(em, customer.id, 'email');
      numbers.push(customer.externalId);
    }
    const enrolled = async () =>
      (await queryOne<{ count: number }>(em, 'select count(*) from enrolment where campaign_id = $1', [id]))?.count;
    const page = await stage.openConsole(`/campaigns/${key}`);
    await page.getByRole('button', { name: 'Enrol customers' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Customer numbers').fill(numbers.join('\n'));
    await dialog.getByText('7 numbers').waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Preview first' }).click();
    await dialog.getByText('5 customers: 5 treated, 0 held out. 1 of them cannot be written to on any channel now').waitFor();
    await dialog.getByText('1 are numbers of no customer: N-404').waitFor();
    await dialog.getByText('1 are not in its audience: N-5').waitFor();
    await dialog.getByText('Offers to them may cost €60 at most.').waitFor();
    await expectAccessible(page);
    expect(await enrolled()).toBe(0);
    await dialog.getByRole('button', { name: 'Enrol 5 customers' }).click();
    await dialog.getByRole('status').getByText('5 customers enrolled').waitFor();
    expect(await enrolled()).toBe(5);
  });

  it('shows what is wrong with a rule, and is not offered where nobody can enter', async () => {
    const { key } = await makeCampaign(stage.api.em());
    const page = await stage.openConsole(`/campaigns/${key}`, { refusals: [`400 POST /v1/campaigns/${key}/enrolments`] });
    await page.getByRole('button', { name: 'Enrol customers' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Rule', { exact: true }).click();
    await dialog.getByLabel('Rule', { exact: true }).last().fill('customer.plam == "gold"');
    await dialog.getByRole('button', { name: 'Preview first' }).click();
    await dialog.getByRole('alert').getByText('did you mean plan').first().waitFor();
    const paused = await makeCampaign(stage.api.em(), { state: 'paused' });
    const other = await stage.openConsole(`/campaigns/${paused.key}`);
    await other.getByRole('button', { name: 'Resume' }).waitFor();
    expect(await other.getByRole('button', { name: 'Enrol customers' }).count()).toBe(0);
  });
});
