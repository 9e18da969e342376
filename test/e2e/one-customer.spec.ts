import { Client, Connection } from '@temporalio/client';
import { query, queryOne } from '../../libs/persistence/sql.js';
import { saveTreatments } from '../../libs/treatments/treatments.js';
import { treatment } from '../harness/definitions.js';
import { join, letterTo, mailBack, textBack, type Person } from '../harness/people.js';
import { startProduct, type Product } from '../harness/product.js';
import { textIn } from '../harness/traces.js';
import { waitFor } from '../harness/wait-for.js';

/** An hour of campaign time takes a second. */
const speed = 3_600;
const timeoutMs = 20_000;

let product: Product;
beforeAll(async () => {
  product = await startProduct(speed);
  await saveTreatments(product.em(), [treatment({ treatment: 'thank-you' })], product.clock.now());
});
afterAll(() => product.close());

interface Offered {
  readonly offer: { readonly id: string } | null;
}
interface Listed {
  readonly items: readonly { readonly kind?: string; readonly customer?: { readonly id: string } }[];
}

/** An offer and a message that shows it, both outside of every campaign. */
async function thank(person: Person): Promise<string> {
  const { offer } = await product.post<Offered>(`/v1/customers/${person.id}/offers`, { reference: 'thanks', treatment: 'thank-you' });
  const message = { reference: 'thanks', template: 'save-offer', purpose: 'marketing', offer: offer?.id };
  expect(await product.post(`/v1/customers/${person.id}/messages`, message)).toMatchObject({ state: 'planned' });
  return offer?.id ?? '';
}
const stateOf = async (offerId: string): Promise<string | undefined> =>
  (await queryOne<{ state: string }>(product.em(), 'select state from offer where id = $1', [offerId]))?.state;

describe('an offer and a message outside of every campaign', () => {
  it('are sent by mail, and the link accepts', async () => {
    const person = await join(product, 'alone');
    const offerId = await thank(person);
    const { acceptLink } = await letterTo(product, person);
    expect((await fetch(acceptLink, { method: 'POST', body: new URLSearchParams({ answer: 'accepted' }) })).status).toBe(200);
    expect(await stateOf(offerId)).toBe('accepted');
  });

  it('are sent by text, YES accepts, and a question waits at the desk', async () => {
    const yes = await join(product, 'alone', { channel: 'sms' });
    const offerId = await thank(yes);
    expect(await textBack(product, yes, 'YES')).toBe(200);
    expect(await stateOf(offerId)).toBe('accepted');

    const asking = await join(product, 'alone', { channel: 'sms' });
    await thank(asking);
    expect(await textBack(product, asking, 'What does it cost me?')).toBe(200);
    const tasks = await product.get<Listed>('/v1/tasks');
    expect(tasks.items).toMatchObject([{ kind: 'question', customer: { id: asking.id } }]);
  });

  it.each(['email', 'sms'] as const)('are declined by %s, which releases the offer and ends nothing else', async (channel) => {
    const person = await join(product, 'alone', { channel });
    const offerId = await thank(person);
    if (channel === 'sms') expect(await textBack(product, person, 'No thanks')).toBe(200);
    else await mailBack(product, person, 'No, thank you.');
    await waitFor(async () => (await stateOf(offerId)) === 'declined', timeoutMs);
    expect(await query(product.em(), 'select answer from response where customer_id = $1', [person.id])).toEqual([{ answer: 'declined' }]);
    const { contactPoints } = await product.get<{ contactPoints: object[] }>(`/v1/customers/${person.id}`);
    expect(contactPoints).toMatchObject([{ channel, marketing: true, suppressed: null }]);
  });

  it('end with STOP for all later messages', async () => {
    const person = await join(product, 'alone', { channel: 'sms' });
    await thank(person);
    expect(await textBack(product, person, 'STOP')).toBe(200);
    const again = { reference: 'again', template: 'save-reminder', purpose: 'service' };
    expect(await product.post(`/v1/customers/${person.id}/messages`, again)).toMatchObject({ state: 'blocked' });
    expect(product.twilio.textsTo(person.address)).toHaveLength(1);
  });
});

describe('a customer who is erased while a journey runs', () => {
  it('is not in any row or history; the journey ends, and no mail follows', async () => {
    const person = await join(product, 'erased');
    const { id } = await product.post<{ id: string }>('/v1/campaigns', {
      source: `
campaign: erased
audience: customer.plan == "erased"
trigger: { manual: true }
holdout: 0%
budget: 1000 EUR
window: 30 days
journey:
  - choose: { from: [thank-you] }
  - offer: { template: save-offer, channel: preferred }
  - await: { answer_within: 20 days }
    accepted: { exit: saved }
    silence: [ { offer: { template: save-reminder, channel: preferred } }, { exit: lapsed } ]
`,
    });
    await product.post(`/v1/campaigns/${id}/launch`);
    await product.post('/v1/scores', [{ customerId: person.id, kind: 'churn', value: 0.9 }]);
    await product.post(`/v1/campaigns/${id}/enrolments`, { customerIds: [person.id] });
    const { acceptLink } = await letterTo(product, person);
    const enrolment = await waitFor(async () =>
      queryOne<{ id: string }>(product.em(), 'select id from enrolment where customer_id = $1', [person.id]),
    );

    await product.post('/v1/erasures', { externalId: person.externalId });
    const delivered = async () =>
      (
        await query(
          product.em(),
          `select from domain_event where kind = 'customer.erased' and customer_id = $1 and delivered_at is not null`,
          [person.id],
        )
      ).length > 0;
    await waitFor(delivered, timeoutMs);
    expect((await fetch(acceptLink)).status).toBe(404);
    expect(await queryOne(product.em(), 'select outcome from enrolment where id = $1', [enrolment.id])).toEqual({ outcome: 'cancelled' });
    expect(product.sink.mailsTo(person.address)).toHaveLength(1);

    const connection = await Connection.connect({ address: product.temporal });
    try {
      const workflow = new Client({ connection }).workflow.getHandle(`journey:${enrolment.id}`);
      expect(await workflow.result()).toBe('cancelled');
      const history = textIn(await workflow.fetchHistory());
      expect(history).toContain(enrolment.id);
      for (const word of [person.externalId, person.address]) expect(history).not.toContain(word);
    } finally {
      await connection.close();
    }
  });
});
