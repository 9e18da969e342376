import { Readable } from 'node:stream';
import twilio from 'twilio';
import { importCustomers } from '../../libs/ingestion/import/import-customers.js';
import { parseMapping } from '../../libs/ingestion/import/mapping.js';
import { query } from '../../libs/persistence/sql.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { createTokens } from '../../libs/platform/tokens.js';
import { loadTreatmentFiles, saveTreatments } from '../../libs/treatments/treatments.js';
import { startTestApi, type Answer, type TestApi } from '../harness/api.js';
import { testNow, testSecret } from '../harness/factories.js';
import { sendOffer } from '../harness/sent-offer.js';

let api: TestApi;
let phone: string;
let offerLink: string;
let before: Books;
const tokens = createTokens(testSecret);
const accountSid = `AC${'0'.repeat(32)}`;
const companyNumber = '+15005550006';
const formType = 'application/x-www-form-urlencoded';
type Fields = Readonly<Record<string, string>>;

beforeAll(async () => {
  api = await startTestApi();
  await saveTreatments(api.em(), await loadTreatmentFiles(projectFile('config', 'treatments')), testNow);
  // Data that must not change: an open offer, an imported customer, and a draft whose next version the bad definitions would be.
  const sent = await sendOffer(api.em(), 'sms');
  phone = sent.point.address;
  offerLink = tokens.sign('accept', sent.offerId);
  expect(await bringIn(['id,months,price,name', 'imported-1,12,30.00,Ann'])).toMatchObject({ created: 1 });
  expect((await api.request('POST', '/v1/campaigns', { body: { source: definition() } })).status).toBe(201);
});
afterAll(() => api.close());
/** Nothing is half done: every row of every table is unchanged. */
beforeEach(async () => {
  before = await books();
});
afterEach(async () => expect(await books()).toEqual(before));

interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly places?: readonly { readonly where: string; readonly what: string }[];
  readonly remedy?: string;
}

const errors = {
  'an unknown step': {
    step: '  - chose: { from: [bill-credit-10] }',
    place: { where: 'journey[1] (line 7, column 5)', what: 'there is no step kind chose; did you mean choose?' },
  },
  'a cycle without a wait': {
    step: '  - branch: { loyal: customer.tenure > 9 }\n    id: round\n    loyal: { goto: round }',
    place: {
      where: 'journey[1] (line 7, column 5)',
      what: expect.stringMatching(/^loops without a wait: round -> round;/) as string,
    },
  },
  'a negative duration': {
    step: '  - await: { answer_within: -4 days }',
    place: {
      where: 'journey[1].await.answer_within (line 7, column 14)',
      what: expect.stringMatching(/^is not a duration; write it as in 4 days/) as string,
    },
  },
  'an unknown treatment': {
    step: '  - choose: { from: [bill-credit-10, bill-credit-99] }',
    place: {
      where: 'journey[1].choose.from[1] (line 7, column 38)',
      what: 'there is no treatment bill-credit-99; did you mean bill-credit-10?',
    },
  },
};

describe('a definition', () => {
  it.each(Object.entries(errors))('with %s is refused, and its place is named', async (_, { step, place }) => {
    const source = definition(step);
    for (const path of ['/v1/campaigns', '/v1/campaigns/validate']) {
      for (const request of [{ body: { source } }, { body: source, headers: { 'content-type': 'text/yaml' } }]) {
        const { places, remedy } = expectProblem(await api.request<ProblemBody>('POST', path, request), 400, 'invalid');
        expect(places).toEqual([place]);
        expect(remedy).toContain('docs/campaign-language.md');
      }
    }
  });

  it('with several mistakes is answered with all of them at once', async () => {
    const { step: duration } = errors['a negative duration'];
    const source = definition([errors['an unknown treatment'].step, errors['an unknown step'].step, duration].join('\n'));
    const { places } = expectProblem(await api.request<ProblemBody>('POST', '/v1/campaigns', { body: { source } }), 400, 'invalid');
    expect(places?.map(({ where }) => where)).toEqual([
      'journey[1].choose.from[1] (line 7, column 38)',
      'journey[2] (line 8, column 5)',
      'journey[3].await.answer_within (line 9, column 14)',
    ]);
  });
});

describe('a CSV file', () => {
  it('with a wrong header is refused before a row is read, and its columns are named', async () => {
    const bring = bringIn(['id,months,charge,name', 'imported-1,99,99.99,Ann', 'imported-2,1,10.00,Bob']);
    await expect(bring).rejects.toMatchObject({
      kind: 'invalid',
      places: [
        { where: 'price', what: 'is missing' },
        { where: 'charge', what: 'is not a column of this import' },
      ],
    });
  });
});

describe('a webhook with a wrong signature', () => {
  const sid = `SM${'a'.repeat(32)}`;
  const stop = (): Fields => ({ AccountSid: accountSid, MessageSid: sid, From: phone, To: companyNumber, Body: 'STOP' });
  const failed = (): Fields => ({ AccountSid: accountSid, MessageSid: sid, MessageStatus: 'failed', ErrorCode: '30003' });

  it.each<[string, string, () => Fields]>([
    ['an incoming text', '/hooks/twilio/inbound', stop],
    ['a report about one of ours', '/hooks/twilio/status', failed],
  ])('is refused: %s', async (_, path, fields) => {
    const address = `http://perennial.test${path}`;
    for (const signature of [undefined, 'bm90IGl0', twilio.getExpectedTwilioSignature('1'.repeat(32), address, { ...fields() })]) {
      const problem = expectProblem(await sendForm(path, fields(), signature), 403, 'forbidden');
      expect(problem.title).toBe('Invalid signature');
      expect(problem.remedy).toContain('PERENNIAL_PUBLIC_URL');
    }
  });
});

describe('a body of 10 MB', () => {
  const size = 10 * 1024 * 1024;
  const letters = 'x'.repeat(size);

  it.each<[string, string, string]>([
    ['/v1/customers', 'application/json', JSON.stringify({ externalId: letters })],
    ['/v1/events', 'application/json', JSON.stringify([{ externalId: letters }])],
    ['/v1/campaigns', 'text/yaml', `# ${letters}\n${definition()}`],
    ['/hooks/twilio/inbound', formType, `Body=${letters}`],
  ])('is refused at %s', async (path, type, body) => {
    const problem = expectProblem(
      await api.request<ProblemBody>('POST', path, { body, headers: { 'content-type': type } }),
      413,
      'too-large',
    );
    expect(problem.title).toMatch(/too large|longer than 100 kB/);
  });

  it('is refused by the page of an offer', async () => {
    const form = { body: `answer=accepted&x=${letters}`, headers: { 'content-type': formType } };
    const { status, body } = await api.request<string>('POST', `/o/${offerLink}`, form);
    expect(status).toBe(413);
    expect(body).toContain('<!doctype html>');
  });
});

describe('an unknown id', () => {
  const id = '01995a3e-7c00-7000-8000-00000000dead';
  const consent = { channel: 'email', granted: true, wordingVersion: '1' };

  it.each<[string, string, unknown]>([
    ['GET', `/v1/customers/${id}`, undefined],
    ['POST', `/v1/customers/${id}/consents`, consent],
    ['GET', `/v1/enrolments/${id}`, undefined],
    ['GET', `/v1/campaigns/${id}`, undefined],
    ['GET', `/v1/campaigns/${id}/report`, undefined],
    ['POST', `/v1/campaigns/${id}/enrolments`, { customerIds: [id] }],
    ...['launch', 'pause', 'resume', 'cancel', 'complete'].map((command): [string, string, unknown] => [
      'POST',
      `/v1/campaigns/${id}/${command}`,
      {},
    ]),
  ])('is not found, with its id in the message: %s %s', async (method, path, body) => {
    const problem = expectProblem(await api.request<ProblemBody>(method, path, { body }), 404, 'not-found');
    expect(problem.detail).toContain(id);
  });

  it.each(['/o', '/u'])('behind a signed link leads to a page about that: %s', async (page) => {
    const token = tokens.sign(page === '/o' ? 'accept' : 'unsubscribe', id);
    for (const method of ['GET', 'POST']) {
      const form = method === 'POST' ? { body: 'answer=accepted', headers: { 'content-type': formType } } : {};
      const { status, body } = await api.request<string>(method, `${page}/${token}`, form);
      expect(status).toBe(404);
      expect(body).toContain('<!doctype html>');
    }
  });

  it('in a batch is named by its place', async () => {
    const event = { kind: 'ticket.opened', at: testNow, source: 'crm', sourceId: '1', customerId: id };
    expect((await api.request('POST', '/v1/events', { body: [event] })).body).toEqual({ stored: 0, duplicates: 0, unknown: [0] });
    const score = { kind: 'churn', value: 0.9, customerId: id };
    expect((await api.request('POST', '/v1/scores', { body: [score] })).body).toEqual({ stored: 0, unknown: [0] });
  });
});

describe('a batch', () => {
  it('with one wrong item is refused whole, and the item is named', async () => {
    const good = { kind: 'contract.ended', at: testNow, source: 'crm', sourceId: '1', externalId: 'imported-1' };
    const events = [good, { ...good, sourceId: '2', at: 'yesterday' }];
    const { places } = expectProblem(await api.request<ProblemBody>('POST', '/v1/events', { body: events }), 400, 'invalid');
    expect(places?.map(({ where }) => where)).toEqual(['1.at']);
  });
});

function definition(step = '  - choose: { from: [bill-credit-10] }'): string {
  return `campaign: save-at-risk
audience: customer.tenure >= 3
trigger: { score: churn, rises_above: 0.60, falls_below: 0.50 }
budget: 1000 EUR
journey:
  - assess: score.churn > 0.40
${step}
`;
}

function bringIn(lines: readonly string[]): ReturnType<typeof importCustomers> {
  return importCustomers(api.em(), { stream: Readable.from([lines.join('\n')]), mapping, now: testNow });
}

const mapping = parseMapping(`
import: prices
currency: EUR
locale: en
customer:
  external_id: { column: id }
  name: { column: name }
  monthly_charge: { column: price, type: money }
  tenure: { column: months, type: integer }
`);

function sendForm(path: string, fields: Fields, signature: string | undefined): Promise<Answer<ProblemBody>> {
  const headers = {
    'content-type': formType,
    ...(signature !== undefined && { 'x-twilio-signature': signature }),
  };
  return api.request('POST', path, { key: null, body: new URLSearchParams({ ...fields }).toString(), headers });
}

function expectProblem({ status, headers, body }: Answer<ProblemBody>, expected: number, kind: string): ProblemBody {
  expect(status).toBe(expected);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(body).toMatchObject({ type: `urn:perennial:problem:${kind}`, status: expected });
  expect([typeof body.title, typeof body.detail]).toEqual(['string', 'string']);
  return body;
}

type Books = Readonly<Record<string, { readonly rows: number; readonly digest: string | null }>>;

/** Every table with its number of rows and a digest of their content. */
async function books(): Promise<Books> {
  const tables = await query<{ name: string }>(
    api.em(),
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  const contents = await Promise.all(
    tables.map(async ({ name }) => {
      const [content] = await query(
        api.em(),
        `select count(*) as rows, md5(string_agg(t::text, '|' order by t::text)) as digest from "${name}" t`,
      );
      return [name, content] as const;
    }),
  );
  return Object.fromEntries(contents) as Books;
}
