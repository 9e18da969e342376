import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { createJourneyActivities } from '../../activities/journey.js';
import { effects } from '../../activities/effects/table.js';
import { vocabulary } from '../../apps/api/src/http/vocabulary.js';
import { start } from '../../apps/dispatcher/src/main.js';
import { readSettings } from '../../config/settings.js';
import { definitionJsonSchema } from '../../libs/campaigns/definition-schema.js';
import { parseDefinition } from '../../libs/campaigns/parse-definition.js';
import { channelsSetUp } from '../../libs/channels/set-up.js';
import { channelKinds, type Channel } from '../../libs/channels/table.js';
import type { Documents } from '../../libs/content/documents.js';
import { importCustomers } from '../../libs/ingestion/import/import-customers.js';
import { parseMapping } from '../../libs/ingestion/import/mapping.js';
import { answers, type Answer } from '../../libs/journeys/answers/table.js';
import { stepKinds } from '../../libs/journeys/steps/table.js';
import { claim } from '../../libs/messaging/ledger/claim.js';
import { query, queryOne } from '../../libs/persistence/sql.js';
import { realTime } from '../../libs/platform/clock.js';
import { newId } from '../../libs/platform/ids.js';
import { policyInForce } from '../../libs/publishing/policy.js';
import { namedChannels } from '../../libs/responses/named-channels.js';
import { journeySignals, workflowTypes, type JourneyWorkflow } from '../../workflows/contract.js';
import { journeyStart } from '../../workflows/starts.js';
import { testEnvironment } from '../harness/api.js';
import { publishedContent, shippedDocuments } from '../harness/content.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';
import { makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeMessage, testSecret } from '../harness/factories.js';
import { redisDatabase } from '../harness/redis-database.js';
import { createSkippingTemporal, taskQueue, type SkippingTemporal } from '../harness/temporal.js';
import { waitFor } from '../harness/wait-for.js';
import { zoneWhereItIs } from '../harness/zones.js';
import { note } from './note.js';
import { performNote } from './note-effect.js';
import { pager as pagerKind } from './pager/kind.js';
import { praise } from './praise.js';

const pager = 'pager' as Channel;
/** What an installation with its own kinds does before it starts: the folder beside this file, and a line. */
const added = [
  channelKinds.add(pager, pagerKind),
  stepKinds.add('note', note),
  effects.add('note', () => performNote),
  answers.add('praise' as Answer, praise),
];
afterAll(() => added.forEach((remove) => remove()));

const mapping = `import: pages
customer:
  external_id: { column: id }
  name: { column: name }
  time_zone: { column: zone }
contact_points: { pager: { column: beeper, default_country: US } }
consents:
  wording_version: '2026-01'
  pager: { column: may_page, values: { 'yes': granted, 'no': withdrawn } }
`;
const campaign = `campaign: pages
audience: "true"
trigger: { manual: true }
budget: 100 EUR
journey:
  - note: { says: has a pager }
    empty: { exit: lapsed }
  - send: { template: page, channel: pager }
  - await: { answer_within: 4 days }
    praise: { exit: won-back }
    silence: { exit: lapsed }
`;
const template = `subject: Hello
mjml: <mj-text>Hello</mj-text>
sms: '{{ company.name }}: hello. Reply STOP to end.'
pager: '{{ company.name }}: hello {{ customer.name }}. STOP ends.'
`;

/** The pager service: it accepts and stores every page. */
async function startPagerService(): Promise<{ readonly url: string; readonly pages: readonly unknown[]; close(): Promise<void> }> {
  const pages: unknown[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      pages.push(JSON.parse(body));
      response.end(`page-${pages.length}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, pages, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/**
 * What ships, and a template with a page. Limits and policy have no entry for pagers. They differ from the project's texts, because this
 * process would not compile those again, which it compiled before there were pagers.
 */
async function documents(): Promise<Documents> {
  const shipped = await shippedDocuments();
  const again = (path: string): string => `${shipped.get(path) ?? ''}# read again\n`;
  return shippedDocuments({
    'templates/page/en.yaml': template,
    ...Object.fromEntries(['sending-limits.yaml', 'contact-policy.yaml'].map((path) => [path, again(path)])),
  });
}

let db: TestDatabase;
let temporal: SkippingTemporal;
let service: Awaited<ReturnType<typeof startPagerService>>;
beforeAll(async () => {
  [db, temporal, service] = await Promise.all([createTestDatabase(), createSkippingTemporal(), startPagerService()]);
});
afterAll(async () => {
  await temporal.close();
  await Promise.all([db.close(), service.close()]);
});
const em = () => db.orm.em.fork();

describe('a made-up channel, with one folder and one line', () => {
  it('is known to editors, to the console, and by the customers’ names for it', () => {
    expect(JSON.stringify(definitionJsonSchema())).toContain('"pager"');
    expect(vocabulary().channels).toMatchObject({ pager: 'pager' });
    expect(namedChannels('no more pages please')).toContain(pager);
  });

  it('has its own settings, and is off without them', () => {
    const env = testEnvironment('postgres://127.0.0.1/none');
    expect(channelsSetUp(readSettings(env))).not.toContain(pager);
    expect(channelsSetUp(readSettings({ ...env, PERENNIAL_PAGER_URL: service.url }))).toContain(pager);
    expect(() => readSettings({ ...env, PERENNIAL_PAGER_URL: 'nowhere' })).toThrow(/PERENNIAL_PAGER_URL/);
  });

  it('carries a message from a file of customers, by a made-up step in a journey, to its provider', async () => {
    const now = new Date(await temporal.env.currentTimeMs());
    const file = `id,name,zone,beeper,may_page\np1,Ines,${zoneWhereItIs(13, now)},(202) 555-0143,yes\n`;
    const report = await importCustomers(em(), { stream: Readable.from([file]), mapping: parseMapping(mapping), secret: testSecret, now });
    expect(report).toMatchObject({ created: 1, contacts: { addressesAdded: 1, consentsGranted: 1 }, rejectedRows: 0 });
    const customer = await queryOne<{ id: string }>(em(), 'select id from customer');
    if (customer === undefined) throw new Error('Nobody was imported');

    const content = await publishedContent(em, await documents());
    expect(content.latest.templates.channels('page', 'en')).toContain(pager);
    const settings = readSettings({
      ...testEnvironment(db.url),
      PERENNIAL_REDIS_URL: await redisDatabase(),
      PERENNIAL_PAGER_URL: service.url,
      PERENNIAL_LOG_LEVEL: 'silent',
    });
    const definition = parseDefinition(campaign, { treatments: [], templates: ['page'] });
    const made = await makeCampaign(em(), { definition });
    const { id: enrolmentId } = await makeEnrolment(em(), made, customer.id, {
      enteredAt: now,
      measureAt: new Date(now.getTime() + definition.windowMs),
    });
    const hints = { hint: () => Promise.resolve(), close: () => Promise.resolve() };
    const policy = policyInForce(content, channelsSetUp(settings));
    const activities = createJourneyActivities({ orm: db.orm, clock: temporal.clock, hints, policy });
    const dispatcher = await start(settings);
    try {
      await temporal.serve(activities, async () => {
        const ids = { enrolmentId, campaignId: made.id, customerId: customer.id };
        const handle = await temporal.env.client.workflow.start<JourneyWorkflow>(
          workflowTypes.journey,
          journeyStart(ids, { clock: realTime, taskQueue }),
        );
        await waitFor(async () => (await messages())[0]?.state === 'accepted');
        await handle.signal(journeySignals.deliver, {
          id: newId(),
          signal: { kind: 'response', answer: 'praise' as Answer, responseId: newId() },
        });
        expect(await handle.result()).toBe('won-back');
      });
    } finally {
      await dispatcher.close();
    }
    expect(await messages()).toEqual([{ channel: pager, state: 'accepted', providerId: 'page-1' }]);
    expect(service.pages).toEqual([{ to: '+12025550143', line: expect.stringMatching(/: hello Ines\. STOP ends\.$/) as string }]);
  });

  it('has an opt-out between planning and sending withdraw the page, for service as well', async () => {
    const now = temporal.clock.now();
    const customer = await makeCustomer(em());
    const point = await makeContactPoint(em(), customer.id, pager);
    const enrolment = await makeEnrolment(em(), await makeCampaign(em()), customer.id);
    const times = { notBefore: now, sendBefore: new Date(now.getTime() + 86_400_000) };
    const { id } = await makeMessage(em(), enrolment, point, { purpose: 'service', ...times });
    // As where somebody else opted out at this address: nothing else than the rule over channels blocks the page.
    await query(em(), `insert into suppression values ($1, 'pager', $2, 'opt-out', now())`, [newId(), point.addressHash]);
    await em().transactional((tx) => claim(tx, pager, 10, 60_000, now));
    expect(await queryOne(em(), 'select state from message where id = $1', [id])).toEqual({ state: 'withdrawn' });
  });
});

const messages = (): Promise<{ channel: string; state: string; providerId: string | null }[]> =>
  query(em(), 'select channel, state, provider_id as "providerId" from message');
