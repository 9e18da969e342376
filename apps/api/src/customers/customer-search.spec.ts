import { query } from '../../../../libs/persistence/sql.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeScore, testNow } from '../../../../test/harness/factories.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

interface Page {
  readonly items: { readonly externalId: string }[];
  readonly next: string | null;
}
const found = async (search: string, more = ''): Promise<string[]> =>
  (await api.request<Page>('GET', `/v1/customers?search=${encodeURIComponent(search)}${more}`)).body.items.map(
    ({ externalId }) => externalId,
  );

describe('GET /v1/customers?search=', () => {
  it('finds by the beginning of the external id or of a word of the name, to the letter', async () => {
    const em = api.em();
    await makeCustomer(em, { externalId: 'find%me', name: 'Jo van Dyk' });
    await makeCustomer(em, { externalId: 'find-me', name: 'Someone Else' });
    expect(await found('find%')).toEqual(['find%me']);
    expect(await found('dyk')).toEqual(['find%me']);
    expect(await found('FIND')).toEqual(['find-me', 'find%me']);
    expect(await found('yk')).toEqual([]);
  });

  it('finds by each word of a name, in any order and case, also one with a hyphen or a dot', async () => {
    const em = api.em();
    await makeCustomer(em, { externalId: 'words-1', name: 'Zoë von Öztürk-Lindgren' });
    await makeCustomer(em, { externalId: 'words-2', name: 'Z. Lindgren' });
    await makeCustomer(em, { externalId: 'words-3', name: 'Dr.Lindgren, Zoltan' });
    expect(await found('lindgren zo')).toEqual(['words-3', 'words-1']);
    expect(await found('Öztürk-Lind')).toEqual(['words-1']);
    expect(await found("zo' | lindgren")).toEqual(['words-3', 'words-1']);
    expect(await found('indgren')).toEqual([]);
    expect(await found('!')).toEqual([]);
  });

  it('finds by a whole address, however it is written, and by no part of one', async () => {
    const em = api.em();
    const ada = await makeCustomer(em, { externalId: 'address-1', name: 'A' });
    const ben = await makeCustomer(em, { externalId: 'address-2', name: 'B' });
    await makeContactPoint(em, ada.id, 'email', { address: 'ada.berg+news@gmail.com' });
    await makeContactPoint(em, ada.id, 'sms', { address: '+4915199345678' });
    await makeContactPoint(em, ben.id, 'whatsapp', { address: '+4915199345678' });
    expect(await found('Ada Berg <adaberg@googlemail.com>')).toEqual(['address-1']);
    expect(await found('+49 151 / 99345678')).toEqual(['address-2', 'address-1']);
    expect(await found('0049 151 99345678')).toEqual(['address-2', 'address-1']);
    expect(await found('adaberg@')).toEqual([]);
    expect(await found('+49 151 9934567')).toEqual([]);
  });

  it('lists the customer of a number before those whose number begins so, page by page', async () => {
    const em = api.em();
    for (const externalId of ['N-10', 'N-101', 'N-10ü', 'n-103']) await makeCustomer(em, { externalId, name: 'N' });
    const pages: string[][] = [];
    let cursor = '';
    do {
      const { body: page }: { body: Page } = await api.request<Page>('GET', `/v1/customers?search=N-10&limit=2${cursor}`);
      pages.push(page.items.map(({ externalId }) => externalId));
      cursor = page.next === null ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
    expect(pages).toEqual([
      ['N-10', 'n-103'],
      ['N-10ü', 'N-101'],
    ]);
  });

  it('finds nobody who was erased, or is not of the status', async () => {
    const gone = await makeCustomer(api.em(), { externalId: 'gone-1', name: 'Erased Person' });
    await query(api.em(), 'update customer set erased_at = $2 where id = $1', [gone.id, testNow]);
    expect([...(await found('gone-1')), ...(await found('erased'))]).toEqual([]);
    await makeCustomer(api.em(), { externalId: 'left-1', name: 'Left', status: 'churned' });
    expect(await found('left-1', '&status=active')).toEqual([]);
    expect(await found('left-1', '&status=churned')).toEqual(['left-1']);
  });

  it('shows of each how likely they leave, how many journeys run, and where marketing may reach them', async () => {
    const em = api.em();
    const customer = await makeCustomer(em, { externalId: 'row-1' });
    await makeScore(em, customer.id, 0.7);
    await makeEnrolment(em, await makeCampaign(em), customer.id);
    await makeEnrolment(em, await makeCampaign(em), customer.id, { arm: 'holdout' });
    await makeEnrolment(em, await makeCampaign(em), customer.id, { state: 'closed', outcome: 'saved' });
    await makeContactPoint(em, customer.id, 'email');
    await makeContactPoint(em, customer.id, 'sms', { consent: false });
    const { body: page } = await api.request('GET', '/v1/customers?search=row-1');
    expect(page).toMatchObject({ items: [{ scores: { churn: 0.7 }, underway: 1, reachable: ['email'] }], next: null });
  });
});
