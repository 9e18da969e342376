import { shippedTemplates } from '../../../test/harness/content.js';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import {
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  testNow,
  testSecret,
} from '../../../test/harness/factories.js';
import { query } from '../../persistence/sql.js';
import { createTokens } from '../../platform/tokens.js';
import { loadContexts } from './load-contexts.js';

const companyContext = {
  publicUrl: 'https://perennial.test',
  company: { name: 'Example', address: 'Street 1' },
  tokens: createTokens(testSecret),
  templatesAt: () => Promise.resolve(shippedTemplates),
};

describe('the context of a message', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  it('has the time when its customer last wrote on exactly that channel: a click, or a text on another channel, opens no provider’s window', async () => {
    const em = database.orm.em.fork();
    const customer = await makeCustomer(em);
    const enrolment = await makeEnrolment(em, await makeCampaign(em), customer.id);
    const message = await makeMessage(em, enrolment, await makeContactPoint(em, customer.id, 'whatsapp'));
    const lastInboundAt = async (): Promise<Date | null | undefined> =>
      (await loadContexts(em, [message.id], companyContext)).get(message.id)?.lastInboundAt;
    const hear = async (source: string, channel: string, minute: number): Promise<Date> => {
      const at = new Date(testNow.getTime() + minute * 60_000);
      await query(
        em,
        `insert into response (id, source, source_id, channel, customer_id, answer, because, received_at)
         values (uuidv7(), $1, gen_random_uuid()::text, $2, $3, 'unclear', 'a test', $4)`,
        [source, channel, customer.id, at],
      );
      return at;
    };
    for (const source of ['link', 'one-click', 'preferences', 'desk']) await hear(source, 'whatsapp', 9);
    await hear('twilio', 'sms', 9);
    expect(await lastInboundAt()).toBeNull();
    await hear('twilio', 'whatsapp', 1);
    const last = await hear('twilio', 'whatsapp', 2);
    expect(await lastInboundAt()).toEqual(last);
  });
});
