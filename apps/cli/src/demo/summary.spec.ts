import { createTestDatabase } from '../../../../test/harness/database.js';
import { makeCampaign, makeCustomer, makeEnrolment, testNow } from '../../../../test/harness/factories.js';
import { summarise } from './summary.js';
import { summaryTable } from './summary-table.js';

it('unknown kept revenue is null, not 0', async () => {
  const db = await createTestDatabase();
  try {
    const em = db.orm.em.fork();
    const campaign = await makeCampaign(em, { definition: { holdout: 0.5 } });
    for (const arm of ['treated', 'treated', 'holdout', 'holdout'] as const)
      await makeEnrolment(em, campaign, (await makeCustomer(em, { monthlyCharge: null, currency: null })).id, { arm, entryCharge: null });
    const summary = await summarise(em, campaign.id, testNow, {
      score: { auc: 0.8, logLoss: 0.4, ece: 0.01 },
      madeScores: [
        { kind: 'upsell', auc: 0.75, why: '' },
        { kind: 'bad_debt', auc: null, why: 'There is too little history to train bad_debt' },
      ],
      temporal: { journeys: 2, eventsPerJourney: 10, actionsPerJourney: 5 },
      restarts: 0,
      seconds: { setUp: 1, score: 1, campaign: 1 },
      seen: { email: [], sms: [] },
    });
    expect(summary).toMatchObject({ lift: { treated: 1, holdout: 1 }, keptRevenue: null });
    expect(summaryTable(summary)).toMatch(/Kept revenue.*not known/);
    expect(summaryTable(summary)).toMatch(/Scores on made-up events.*upsell AUC 0.7500, bad_debt not in use/);
  } finally {
    await db.close();
  }
});
