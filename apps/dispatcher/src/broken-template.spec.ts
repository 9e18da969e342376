import { readSettings, type Settings } from '../../../config/settings.js';
import { pinToLatest } from '../../../libs/campaigns/versions.js';
import { changeState } from '../../../libs/lifecycle/change-state.js';
import { listAlerts } from '../../../libs/access/alerts.js';
import { query, queryOne } from '../../../libs/persistence/sql.js';
import { testEnvironment } from '../../../test/harness/api.js';
import { publish } from '../../../libs/publishing/publish.js';
import { shippedDocuments } from '../../../test/harness/content.js';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import {
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  makeOffer,
  type MadeCampaign,
} from '../../../test/harness/factories.js';
import { waitFor } from '../../../test/harness/wait-for.js';
import { startSmtpSink, type SmtpSink } from '../../sandbox/smtp-sink.js';
import { start } from './main.js';
import { waitingEvents } from '../../../test/harness/signals.js';

/** It is valid, and renders for the sample customers; for a customer with a large number as a name it would never end. */
const endless = '{% assign n = customer.name | plus: 0 %}{% for i in (1..n) %}x{% endfor %}';
const customers = 40;

let database: TestDatabase;
let sink: SmtpSink;
let settings: Settings;
let running: { close(): Promise<void> } | undefined;

beforeAll(async () => {
  [database, sink] = await Promise.all([createTestDatabase(), startSmtpSink()]);
  settings = readSettings({ ...testEnvironment(database.url), PERENNIAL_SMTP_URL: sink.url, PERENNIAL_LOG_LEVEL: 'silent' });
});
afterAll(async () => {
  await Promise.all([database.close(), sink.close()]);
});
beforeEach(async () => {
  await query(em(), 'truncate campaign, alert cascade');
  await publishText('en', (text) => text);
});
afterEach(async () => {
  await running?.close();
  running = undefined;
});

const em = () => database.orm.em.fork();
/** Publishes the project's content, with one text of the template changed. */
async function publishText(locale: string, edit: (text: string) => string): Promise<void> {
  const path = `templates/save-offer/${locale}.yaml`;
  const sound = (await shippedDocuments()).get(path) ?? '';
  await publish(em(), { documents: await shippedDocuments({ [path]: edit(sound) }), author: 'a test' }, 'en', new Date());
}
async function removeTemplate(): Promise<void> {
  const gone = [...(await shippedDocuments()).keys()].filter((path) => path.startsWith('templates/save-offer/'));
  const documents = await shippedDocuments(Object.fromEntries(gone.map((path) => [path, undefined])));
  await publish(em(), { documents, author: 'a test' }, 'en', new Date());
}
const broken = (text: string): string => text.replace('mjml: |\n', `mjml: |\n  <mj-text>${endless}</mj-text>\n`);
const startHere = async () => (running = await start(settings));

async function plan(campaign: MadeCampaign, count: number, locale = 'en'): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const { id } = await makeCustomer(em(), { name: '100000000', locale });
    const enrolment = await makeEnrolment(em(), campaign, id);
    const now = Date.now();
    await makeMessage(em(), enrolment, await makeContactPoint(em(), id, 'email'), {
      notBefore: new Date(now - 1_000),
      sendBefore: new Date(now + 3_600_000),
      plannedAt: new Date(now),
      offer: (await makeOffer(em(), enrolment)).id,
    });
  }
}

async function states({ id }: MadeCampaign): Promise<Record<string, number>> {
  const rows = await query<{ state: string; count: number }>(
    em(),
    'select state, count(*) from message where campaign_id = $1 group by state',
    [id],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
const standing = async ({ id }: MadeCampaign) =>
  queryOne<{ state: string; reason: string | null }>(em(), 'select state, pause_reason as reason from campaign where id = $1', [id]);
const isPaused = async (campaign: MadeCampaign): Promise<boolean> => (await standing(campaign))?.state === 'paused';
const openAlerts = async () => (await listAlerts(em(), { open: true, after: null, rows: 10 })).map(({ kind, subject }) => [kind, subject]);
const signals = async (): Promise<number> => (await waitingEvents(em())).filter(({ kind }) => kind !== 'alert.raised').length;
const resume = (campaign: MadeCampaign) => em().transactional((tx) => changeState(tx, campaign.id, 'resume', new Date()));
/** A retry need not wait as long as in production. */
const hurry = () => query(em(), `update message set not_before = now() - interval '1 second' where state = 'planned'`);

describe('a template that cannot be written', () => {
  it('pauses its campaign with an alert, loses no offer, and is sent after the fix and a resume', async () => {
    const campaign = await makeCampaign(em());
    await publishText('en', broken);
    await plan(campaign, customers);
    await startHere();
    await waitFor(async () => (await isPaused(campaign)) && (await states(campaign))['planned'] === customers, 30_000);
    expect(await standing(campaign)).toMatchObject({
      reason: expect.stringContaining('The template save-offer cannot be sent as an e-mail') as unknown,
    });
    expect(await openAlerts()).toContainEqual(['campaign-paused', campaign.id]);
    expect(await signals()).toBe(0);

    await publishText('en', (text) => text);
    // The process checks for a newer publication every other second.
    await waitFor(async () => {
      await hurry();
      if (await isPaused(campaign)) await resume(campaign);
      return (await states(campaign))['accepted'] === customers;
    }, 40_000);
    expect(await openAlerts()).toEqual([]);
    expect(await signals()).toBe(0);
  });

  it('in one language only delays the customers of that language, and nobody else', async () => {
    const campaign = await makeCampaign(em());
    await publishText('de', broken);
    await plan(campaign, 5, 'de');
    await plan(campaign, 5, 'en');
    await startHere();
    await waitFor(() => isPaused(campaign), 30_000);
    await waitFor(async () => {
      const { planned = 0, accepted = 0 } = await states(campaign);
      return planned >= 5 && planned + accepted === 10;
    }, 30_000);
    expect(await signals()).toBe(0);
  });

  it('is given up for a customer only after five attempts, each after a resume', async () => {
    const campaign = await makeCampaign(em());
    await publishText('en', broken);
    await plan(campaign, 1);
    await startHere();
    let resumes = 0;
    await waitFor(async () => {
      await hurry();
      if (await isPaused(campaign)) {
        const { attempts, state } =
          (await queryOne<{ attempts: number; state: string }>(em(), 'select attempts, state from message')) ?? {};
        if (state === 'rejected') return true;
        if (attempts !== resumes + 1) return false;
        await resume(campaign);
        resumes += 1;
      }
      return false;
    }, 50_000);
    expect(resumes).toBe(4);
    expect(await signals()).toBe(1);
  });
});

describe('a message that cannot be fixed is rejected at once, and pauses nothing:', () => {
  it('one to a customer whose address is malformed, while the others are sent', async () => {
    const campaign = await makeCampaign(em());
    await plan(campaign, 1);
    await query(em(), `update contact_point set address = 'nobody' where customer_id = (select customer_id from message)`);
    await plan(campaign, 3);
    await startHere();
    await waitFor(async () => (await states(campaign))['accepted'] === 3 && (await states(campaign))['rejected'] === 1, 20_000);
    expect(await isPaused(campaign)).toBe(false);
    expect(await query(em(), `select error_class, error_code from message where state = 'rejected'`)).toEqual([
      { error_class: 'template', error_code: 'malformed-address' },
    ]);
  });

  it('one that cannot be rendered and belongs to no campaign', async () => {
    const campaign = await makeCampaign(em());
    await plan(campaign, 1);
    await query(
      em(),
      `update message set campaign_id = null, enrolment_id = null, offer_id = null, step = null, reference = 'a notice', template = 'gone'`,
    );
    await startHere();
    await waitFor(async () => (await queryOne(em(), `select 1 from message where state = 'rejected'`)) !== undefined, 20_000);
    expect(await openAlerts()).toEqual([['files-broken', 'gone']]);
  });
});

describe('a publication while a campaign is live', () => {
  const greeting = (words: string) => (text: string) => text.replace(/^subject: .*$/m, `subject: ${words}`);
  const subjects = () => sink.mails().flatMap(({ headers }) => headers['subject'] ?? []);

  it('does not change the messages of customers inside, which use the templates of the launch, until a repin', async () => {
    await publishText('en', greeting('Of the launch'));
    const campaign = await makeCampaign(em());
    await em().transactional((tx) => pinToLatest(tx, campaign.id));
    await publishText('en', greeting('Of later'));
    await plan(campaign, 1);
    await startHere();
    await waitFor(async () => (await states(campaign))['accepted'] === 1, 20_000);
    expect(subjects()).toContain('Of the launch');
    await em().transactional((tx) => pinToLatest(tx, campaign.id));
    await plan(campaign, 1);
    await waitFor(async () => (await states(campaign))['accepted'] === 2, 20_000);
    expect(subjects()).toContain('Of later');
  });

  it('does not stop it if its template is removed: the campaign keeps its own', async () => {
    await publishText('en', greeting('Gone since'));
    const campaign = await makeCampaign(em());
    await em().transactional((tx) => pinToLatest(tx, campaign.id));
    await removeTemplate();
    await plan(campaign, 1);
    await startHere();
    await waitFor(async () => (await states(campaign))['accepted'] === 1, 20_000);
    expect(subjects()).toContain('Gone since');
  });

  it('does not stop a message outside of a campaign where its template is gone: it keeps the text of its request', async () => {
    await publishText('en', greeting('Requested before'));
    await plan(await makeCampaign(em()), 1);
    await query(em(), `update message set campaign_id = null, enrolment_id = null, step = null, reference = 'a notice'`);
    await query(
      em(),
      `insert into message_request (id, customer_id, reference, template, publication, purpose, channel, state, occurrence, ends_at, failed, message_id, requested_at, requested_by)
       select id, customer_id, reference, template, (select max(version) from publication), purpose, channel, 'planned', 1, send_before, '{}', id, planned_at, 'a test' from message`,
    );
    await removeTemplate();
    await startHere();
    await waitFor(async () => (await queryOne(em(), `select 1 from message where state = 'accepted'`)) !== undefined, 20_000);
    expect(subjects()).toContain('Requested before');
    expect(await openAlerts()).toEqual([]);
  });

  it('takes the newest templates with a resume if a template had paused it, and only then', async () => {
    await publishText('en', broken);
    const campaign = await makeCampaign(em());
    await em().transactional((tx) => pinToLatest(tx, campaign.id));
    await publishText('en', greeting('Fixed'));
    await plan(campaign, 1);
    await startHere();
    await waitFor(() => isPaused(campaign), 30_000);
    expect(await standing(campaign)).toMatchObject({ reason: expect.stringContaining('take the newest templates') as unknown });
    await waitFor(async () => {
      await hurry();
      if (await isPaused(campaign)) await resume(campaign);
      return (await states(campaign))['accepted'] === 1;
    }, 40_000);
    expect(subjects()).toContain('Fixed');
    const pin = async () =>
      (await queryOne<{ publication: number }>(em(), 'select publication from campaign_version where campaign_id = $1', [campaign.id]))
        ?.publication;
    const before = await pin();
    await publishText('en', greeting('Later still'));
    await em().transactional((tx) => changeState(tx, campaign.id, 'pause', new Date()));
    await resume(campaign);
    expect(await pin()).toBe(before);
  });
});
