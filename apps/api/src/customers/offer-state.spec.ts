import { withdrawLeftOffers } from '../../../../libs/offers/settle-offer.js';
import { query, queryOne } from '../../../../libs/persistence/sql.js';
import { saveTreatments } from '../../../../libs/treatments/treatments.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { treatment } from '../../../../test/harness/definitions.js';
import { makeCampaign, makeCustomer, makeEnrolment, makeOffer, makeScore, testNow } from '../../../../test/harness/factories.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface WithOffers {
  readonly offers: readonly { readonly state: string }[];
}

/** The sweep has not run yet: the row still says `open`. */
describe('an offer whose time is over is shown as expired everywhere', () => {
  it.each([
    ['a moment before', 1, 'open'],
    ['at its expiry', 0, 'expired'],
  ])('%s (%d ms): %s', async (_, left, state) => {
    const campaign = await makeCampaign(api.em());
    const customer = await makeCustomer(api.em());
    const enrolment = await makeEnrolment(api.em(), campaign, customer.id);
    const { id } = await makeOffer(api.em(), enrolment, { expiresAt: new Date(testNow.getTime() + left) });
    const shown = async (path: string) => (await api.request<WithOffers>('GET', path)).body.offers.map((offer) => offer.state);
    expect(await shown(`/v1/customers/${customer.id}`)).toEqual([state]);
    expect(await shown(`/v1/enrolments/${enrolment.id}`)).toEqual([state]);
    const report = await api.request<{ offers: object }>('GET', `/v1/campaigns/${campaign.id}/report`);
    expect(report.body.offers).toMatchObject({ issued: 1, open: state === 'open' ? 1 : 0, expired: state === 'expired' ? 1 : 0 });
    expect(await queryOne(api.em(), 'select state from offer where id = $1', [id])).toEqual({ state: 'open' });
  });

  it('also if it is requested by its reference again', async () => {
    await saveTreatments(api.em(), [treatment({ treatment: 'credit' })], testNow);
    const { id } = await makeCustomer(api.em());
    await makeScore(api.em(), id, 0.8);
    const ask = async () =>
      (
        await api.request<{ offer: { state: string } | null }>('POST', `/v1/customers/${id}/offers`, {
          body: { reference: 'one', treatment: 'credit' },
        })
      ).body.offer?.state;
    expect(await ask()).toBe('open');
    await query(api.em(), 'update offer set expires_at = $2 where customer_id = $1', [id, testNow]);
    expect(await ask()).toBe('expired');
  });

  it('is not withdrawn by a campaign that is cancelled after it', async () => {
    const campaign = await makeCampaign(api.em());
    const enrolment = await makeEnrolment(api.em(), campaign, (await makeCustomer(api.em())).id);
    const { id } = await makeOffer(api.em(), enrolment, { expiresAt: testNow });
    await query(api.em(), `update enrolment set state = 'closed', outcome = 'handed-over' where id = $1`, [enrolment.id]);
    await api.em().transactional((tx) => withdrawLeftOffers(tx, campaign.id, testNow));
    expect(await queryOne(api.em(), 'select state from offer where id = $1', [id])).toEqual({ state: 'expired' });
  });
});
