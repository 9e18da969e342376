import { createCampaign } from '../../libs/campaigns/campaigns.js';
import { treatment } from '../harness/definitions.js';
import { makeCustomer, makeEnrolment, testNow } from '../harness/factories.js';
import { saveTreatments } from '../../libs/treatments/treatments.js';
import { query } from '../../libs/persistence/sql.js';
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

const yaml = (holdout: string): string => `campaign: in-versions
audience: customer.tenure >= 3
trigger: { manual: true }
holdout: ${holdout}
budget: 20000 EUR
journey:
  - wait: 2 days
`;

describe('the versions of a campaign', () => {
  it('are listed with what is different, drawn with their own customers, and launched after a question', async () => {
    const em = stage.api.em();
    await saveTreatments(em, [treatment()], testNow);
    const { campaignId } = await createCampaign(em, yaml('10%'), { templates: [] }, testNow);
    await query(em, `update campaign set state = 'live', launched_at = $2 where id = $1`, [campaignId, testNow]);
    const [first] = await query<{ id: string }>(em, 'update campaign_version set launched_at = $2 where campaign_id = $1 returning id', [
      campaignId,
      testNow,
    ]);
    const customer = await makeCustomer(em);
    const made = { id: campaignId, key: 'in-versions', versionId: first?.id ?? '', definition: { windowMs: 86_400_000 } };
    await makeEnrolment(em, made as Parameters<typeof makeEnrolment>[1], customer.id, { step: 'wait' });
    await createCampaign(em, yaml('20%'), { templates: [] }, testNow);

    const page = await stage.openConsole('/campaigns/in-versions');
    await page.getByRole('heading', { name: 'Versions' }).waitFor();
    await page.getByText('Changes').click();
    await page.getByText('+ holdout: 20%').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Launch version 2' }).click();
    await page.getByRole('dialog').getByText('instead of version 1').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Launch it' }).click();
    await page.getByText('Shows customers who are or were in').waitFor();
    await page.getByLabel('Shows customers who are or were in').selectOption('1');
    await page.getByText('Past', { exact: true }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Launch version 1' }).click();
    await page.getByRole('dialog').getByText('instead of version 2').waitFor();
    await page.getByRole('button', { name: 'Launch it' }).click();
    await page.getByRole('button', { name: 'Launch version 2' }).waitFor();
  });
});
