import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Connection, WorkflowClient } from '@temporalio/client';
import { query, queryOne } from '../../libs/persistence/sql.js';
import { createApiKey } from '../../libs/access/api-keys.js';
import { saveTreatments } from '../../libs/treatments/treatments.js';
import { treatment } from '../harness/definitions.js';
import { letterTo, mailBack, raiseScores } from '../harness/people.js';
import { companyNumber, startProduct, type Product } from '../harness/product.js';
import { resource } from '../harness/resource.js';
import { listenToRedis, saidByTemporal, saidInFiles, traces, tracesIn } from '../harness/traces.js';
import { waitFor } from '../harness/wait-for.js';
import { zoneWhereItIs } from '../harness/zones.js';

/** Two hours of campaign time take a second. */
const speed = 7_200;
const timeoutMs = 60_000;
const run = promisify(execFile);

const externalId = 'QX-7741-ZWQ';
const name = 'Zwetlana Quorrington';
const email = 'zwetlana.quorrington@posteo-example.test';
const phone = '+4915155512345';
/** Words that identify them, and a word of their text. */
const words = [externalId, 'Zwetlana', 'Quorrington', email, phone.slice(1), 'basilisk'];

let product: Product;
let folder: string;
let redis: Awaited<ReturnType<typeof listenToRedis>>;
const logged: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'erased-'));
  product = await startProduct(speed, {}, { logTo: { write: (line) => void logged.push(line) } });
  redis = await listenToRedis(product.environment['PERENNIAL_REDIS_URL'] ?? '');
  await saveTreatments(product.em(), [treatment({ treatment: 'thank-you' })], product.clock.now());
});
afterAll(async () => {
  redis.close();
  await product.close();
  await rm(folder, { recursive: true });
});

it('after a campaign, answers and an erasure by one command, nothing about the customer is left in rows, logs, jobs, histories, files and exports', async () => {
  expect(await importRows()).toContain('1 customers created, 0 changed, 0 as before, 1 rejected');
  const id = await customerId();
  await aWholeLife(id);
  expect((await traces(product.em(), words)).length).toBeGreaterThan(8);

  const { customerId: erased } = JSON.parse(await command('erase', '--customer', externalId, '--json')) as { customerId: string };
  expect(erased).toBe(id);
  await waitFor(
    async () =>
      (await query(product.em(), `select from domain_event where kind = 'customer.erased' and delivered_at is not null`)).length === 1,
    timeoutMs,
  );
  await waitFor(async () => (await query(product.em(), `select from enrolment where state <> 'closed'`)).length === 0, timeoutMs);

  expect(await traces(product.em(), words)).toEqual([]);
  expect(logged.length).toBeGreaterThan(5);
  expect(tracesIn(logged, words)).toEqual([]);
  expect(redis.said.filter((said) => said.includes('drain')).length).toBeGreaterThan(0);
  expect(tracesIn(redis.said, words)).toEqual([]);
  const temporal = await inTemporal();
  expect(temporal.join()).toContain(id);
  expect(tracesIn(temporal, words)).toEqual([]);
  const files = await saidInFiles(product.dataDir);
  expect(files.some((said) => said.startsWith('SQLite'))).toBe(true);
  expect(tracesIn(files, words)).toEqual([]);
  expect(tracesIn(await exported(), words)).toEqual([]);
}, 180_000);

it('and a customer who comes back with the next import of the same file is not written to', async () => {
  const before = product.sink.mailsTo(email).length;
  expect(await importRows()).toContain('1 customers created');
  const id = await customerId();
  const { contactPoints } = await product.get<{ contactPoints: { suppressed: string | null }[] }>(`/v1/customers/${id}`);
  expect(contactPoints.map(({ suppressed }) => suppressed)).toEqual(['erased', 'erased']);
  const asked = { reference: 'again', template: 'save-offer', purpose: 'marketing' };
  expect(await product.post(`/v1/customers/${id}/messages`, asked)).toMatchObject({ state: 'blocked' });
  await raiseScores(product, [{ id, externalId, address: email }]);
  await product.post('/v1/campaigns/life/enrolments', { customerIds: [id] });
  const outcome = await waitFor(
    async () =>
      (await queryOne<{ outcome: string | null }>(product.em(), 'select outcome from enrolment where customer_id = $1', [id]))?.outcome,
    timeoutMs,
  );
  expect(outcome).toBe('unreachable');
  expect(product.sink.mailsTo(email)).toHaveLength(before);
  expect(product.twilio.textsTo(phone)).toHaveLength(1);

  expect(await command('erase', '--customer', externalId)).toContain('contactPoints: 2');
  expect(await traces(product.em(), words)).toEqual([]);
});

/** An offer by text, a campaign's mail, answers to both, a task and its reply that bounces; and what fails on the way: a request, a wake, a mail server. */
async function aWholeLife(id: string): Promise<void> {
  const person = { id, externalId, address: email };
  const { offer } = await product.post<{ offer: { id: string } | null }>(`/v1/customers/${id}/offers`, {
    reference: 'call-of-Quorrington',
    treatment: 'thank-you',
  });
  const message = { reference: 'call-of-Quorrington', template: 'save-offer', purpose: 'marketing', channel: 'sms', offer: offer?.id };
  // Planned, or deferred if it is already evening.
  await product.post(`/v1/customers/${id}/messages`, message);
  await waitFor(() => product.twilio.textsTo(phone).length === 1, timeoutMs);
  await product.post('/v1/events', [
    { externalId, kind: 'ticket.opened', at: product.clock.now(), data: { text: `${name} has a basilisk` }, source: 'crm', sourceId: '1' },
  ]);
  await faultOfTheDatabase();
  await campaign();
  await raiseScores(product, [person]);
  const errors = await faultyWakes();
  await product.post('/v1/campaigns/life/enrolments', { customerIds: [id] });
  await waitFor(errors.counted, timeoutMs);
  await errors.end();
  await waitFor(() => product.sink.mailsTo(email).length === 1, timeoutMs);
  const { acceptLink } = await letterTo(product, person);
  expect((await fetch(acceptLink)).status).toBe(200);

  await mailBack(product, person, `May my basilisk move in as well?\n\n${name}, ${phone}`, name);
  const [task] = await waitFor(async () => {
    const { items } = await product.get<{ items: { id: string }[] }>('/v1/tasks');
    return items.length > 0 && items;
  }, timeoutMs);
  product.sink.behave([{ to: email, then: { kind: 'refuse', code: 550 } }]);
  await product.post(`/v1/tasks/${task?.id ?? ''}/reply`, { text: `Dear ${name}, a basilisk may.` });
  await waitFor(async () => (await query(product.em(), `select from message where state = 'rejected'`)).length === 1, timeoutMs);
  await product.twilio.receive({ from: phone, to: companyNumber, body: 'Is there a basilisk discount?' });
  await product.twilio.settled();
}

async function campaign(): Promise<void> {
  const { id } = await product.post<{ id: string }>('/v1/campaigns', {
    source: `
campaign: life
audience: customer.tenure > 0
trigger: { manual: true }
holdout: 0%
budget: 1000 EUR
window: 30 days
journey:
  - choose: { from: [thank-you] }
  - offer: { template: save-offer, channel: preferred }
  - await: { answer_within: 20 days }
    accepted: { exit: saved }
    question: { await: { answer_within: 20 days }, accepted: { exit: saved }, silence: { exit: lapsed } }
    silence: [ { offer: { template: save-reminder, channel: preferred } }, { exit: lapsed } ]
`,
  });
  await product.post(`/v1/campaigns/${id}/launch`);
}

/** A request that breaks a check of the database while it holds their words: a defect, which is logged. */
async function faultOfTheDatabase(): Promise<void> {
  await query(product.em(), `alter table customer_event add constraint no_pets check (not data ? 'pet') not valid`);
  const event = { externalId, kind: 'pet.bought', at: product.clock.now(), data: { pet: 'basilisk' }, source: 'crm', sourceId: '2' };
  await expect(product.post('/v1/events', [event])).rejects.toThrow('answered 500');
  await query(product.em(), 'alter table customer_event drop constraint no_pets');
  expect(logged.join()).toContain('no_pets');
}

/** Makes every wake fail that would plan a message. A sequence counts the failures, because a rollback does not reset it. */
async function faultyWakes(): Promise<{ readonly counted: () => Promise<boolean>; readonly end: () => Promise<void> }> {
  await query(product.em(), 'create sequence errors');
  await query(
    product.em(),
    `create function may_plan(step text) returns boolean language sql as $$ select step is distinct from 'offer' or nextval('errors') < 0 $$`,
  );
  await query(product.em(), 'alter table message add constraint no_offers check (may_plan(step)) not valid');
  return {
    counted: async () => (await queryOne<{ counted: boolean }>(product.em(), 'select is_called as counted from errors'))?.counted === true,
    end: async () => {
      await query(product.em(), 'alter table message drop constraint no_offers');
      await query(product.em(), 'drop function may_plan');
    },
  };
}

/** The company's own file: this customer, and a row that is rejected. */
async function importRows(): Promise<string> {
  const [file, mapping, rejects] = ['customers.csv', 'mapping.yaml', 'rejects.csv'].map((each) => join(folder, each));
  const zone = zoneWhereItIs(10, product.clock.now());
  await writeFile(
    file ?? '',
    `number,name,zone,price,months,pet,email,mobile,agreed\n` +
      `${externalId},${name},${zone},90.00,24,basilisk,${email},${phone},yes\n` +
      `QX-2,${name},${zone},much,24,basilisk,,,no\n`,
  );
  await writeFile(
    mapping ?? '',
    `
import: books
currency: EUR
locale: en
customer:
  external_id: { column: number }
  name: { column: name }
  time_zone: { column: zone }
  monthly_charge: { column: price, type: money }
  tenure: { column: months, type: integer }
attributes:
  pet: { column: pet, type: keyword }
contact_points:
  email: { column: email }
  phone: { column: mobile, default_country: DE }
consents:
  wording_version: '2026-01'
  email: { column: agreed, values: { 'yes': granted, 'no': withdrawn } }
  sms: { column: agreed, values: { 'yes': granted, 'no': withdrawn } }
`,
  );
  const said = await command('import', file ?? '', '--mapping', mapping ?? '', '--rejects', rejects ?? '');
  expect(await readFile(rejects ?? '', 'utf8')).toContain('QX-2');
  return said;
}

/** Runs the built `perennial` as a person would. @returns what it printed */
async function command(...args: string[]): Promise<string> {
  const main = join(await resource('server'), 'apps', 'cli', 'src', 'main.js');
  const { stdout } = await run(process.execPath, [main, ...args], { env: { ...process.env, ...product.environment } });
  return stdout;
}

const customerId = async (): Promise<string> =>
  (await queryOne<{ id: string }>(product.em(), 'select id from customer where external_id = $1', [externalId]))?.id ?? '';

async function inTemporal(): Promise<string[]> {
  const connection = await Connection.connect({ address: product.temporal });
  try {
    return await saidByTemporal(new WorkflowClient({ connection }));
  } finally {
    await connection.close();
  }
}

/** Every file that the api exports. */
async function exported(): Promise<string[]> {
  const { key } = await createApiKey(product.em(), 'exports', product.clock.now());
  return Promise.all(
    ['enrolments', 'messages'].map(async (file) => {
      const answer = await fetch(`${product.url}/v1/campaigns/life/${file}.csv`, { headers: { authorization: `Bearer ${key}` } });
      expect(answer.status).toBe(200);
      return answer.text();
    }),
  );
}
