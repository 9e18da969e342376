import type { Report, Row, Story } from '../harness/api-answers.js';
import { arrivals, join, letterTo, localHourOf, raiseScores, textBack, type Person } from '../harness/people.js';
import { startProduct, type Product } from '../harness/product.js';
import { waitFor } from '../harness/wait-for.js';

/** An hour of campaign time takes a second. */
const speed = 3_600;
const hour = 3_600_000;
const timeoutMs = 20_000;

let product: Product;
beforeAll(async () => {
  product = await startProduct(speed);
});
afterAll(() => product.close());

describe('a product that runs', () => {
  it('reports that worker and dispatcher are healthy, each at its health endpoint', async () => {
    const ask = async (at: string): Promise<unknown> => (await fetch(`${at}/health/ready`)).json();
    expect(await ask(product.health.worker)).toEqual({ ready: true, postgresql: true, temporal: true, polling: true, relay: true });
    expect(await ask(product.health.dispatcher)).toMatchObject({ ready: true, providers: { email: 'closed', sms: 'closed' } });
  });
});

describe('a campaign', () => {
  it('sends an offer that its link accepts, and can say why', async () => {
    const person = await join(product, 'link');
    const campaign = await launch({ key: 'link' });
    await raiseScores(product, [person]);
    const { acceptLink } = await letterTo(product, person);

    for (let look = 0; look < 3; look += 1) expect((await fetch(acceptLink)).status).toBe(200);
    const { id } = await enrolmentOf(campaign, person);
    expect(await story(id)).toMatchObject({ state: 'entered', outcome: null, offers: [{ state: 'open' }], responses: [] });

    await press(acceptLink);
    const entry = await closed(campaign, person);
    expect(entry).toMatchObject({ outcome: 'saved', arm: 'treated', triggerScore: 0.9 });
    expect(entry.decisions.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['assess', null],
      ['treat', 'bill-credit-10'],
      ['send', 'email'],
    ]);
    expect(entry.decisions[1]?.candidates.map(({ key }) => key)).toEqual(['bill-credit-10', 'nothing']);
    expect(entry.visits.map(({ step, label }) => [step, label]).slice(0, 4)).toEqual([
      ['assess', 'next'],
      ['choose', 'next'],
      ['offer', 'next'],
      ['await', 'accepted'],
    ]);
    expect(entry.offers).toMatchObject([{ treatment: 'bill-credit-10', state: 'accepted', cost: 1_000 }]);
    expect(entry.responses).toMatchObject([{ source: 'link', answer: 'accepted' }]);
    expect((await report(campaign)).budget).toEqual({ cap: 100_000, reserved: 1_000, spent: 1_000 });
  });

  it('takes YES by text for an acceptance', async () => {
    const person = await join(product, 'yes', { channel: 'sms' });
    await raiseScores(product, [person]);
    const campaign = await launch({ key: 'yes' });
    expect(await textBack(product, person, 'YES')).toBe(200);
    expect(await closed(campaign, person)).toMatchObject({
      outcome: 'saved',
      offers: [{ state: 'accepted' }],
      responses: [{ source: 'twilio', answer: 'accepted', text: 'YES' }],
    });
  });

  it('ends with STOP, and no later campaign texts that number', async () => {
    const person = await join(product, 'stop', { channel: 'sms' });
    await raiseScores(product, [person]);
    const campaign = await launch({ key: 'stop' });
    expect(await textBack(product, person, 'Stop')).toBe(200);
    expect(await closed(campaign, person)).toMatchObject({ outcome: 'opted-out', offers: [{ state: 'withdrawn' }] });
    expect(await customer(person)).toMatchObject({
      contactPoints: [{ marketing: false, suppressed: 'opt-out' }],
      consents: [
        { channel: 'sms', granted: false, source: 'sms-stop', actor: 'customer' },
        { channel: 'sms', granted: true },
      ],
    });

    const later = await launch({ key: 'stop-later', plan: 'stop' });
    const entry = await closed(later, person);
    expect(entry).toMatchObject({ outcome: 'unreachable', messages: [] });
    expect(entry.decisions.filter(({ kind }) => kind === 'block')).toMatchObject([
      { subject: 'sms', reasons: ['suppressed', 'no-consent'] },
    ]);
    expect(product.twilio.textsTo(person.address)).toHaveLength(1);
  });

  it('ends with one click on unsubscribe', async () => {
    const person = await join(product, 'click');
    const campaign = await launch({ key: 'click' });
    await raiseScores(product, [person]);
    const { unsubscribeLink } = await letterTo(product, person);
    expect((await fetch(unsubscribeLink)).status).toBe(200);
    expect(await customer(person)).toMatchObject({ contactPoints: [{ marketing: true }] });
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    expect((await fetch(unsubscribeLink, { method: 'POST', body })).status).toBe(200);
    expect(await closed(campaign, person)).toMatchObject({ outcome: 'opted-out', responses: [{ source: 'one-click' }] });
    expect(await customer(person)).toMatchObject({
      contactPoints: [{ marketing: false }],
      consents: [{ granted: false }, { granted: true }],
    });
  });

  it('counts a customer who renews without an answer as saved, and withdraws the offer', async () => {
    const person = await join(product, 'goal');
    const campaign = await launch({ key: 'goal' });
    await raiseScores(product, [person]);
    await letterTo(product, person);
    const renewed = {
      externalId: person.externalId,
      kind: 'contract.renewed',
      at: product.clock.now(),
      source: 'billing',
      sourceId: 'renewal-1',
    };
    expect(await product.post('/v1/events', [renewed])).toEqual({ stored: 1, duplicates: 0, unknown: [] });
    const entry = await closed(campaign, person);
    expect(entry).toMatchObject({ outcome: 'saved', offers: [{ state: 'withdrawn' }], responses: [] });
    expect(entry.visits.at(-1)).toMatchObject({ step: 'await', label: 'goal' });
  });

  it('waits for the morning where it is night', async () => {
    const person = await join(product, 'night', { localHour: 2 });
    const campaign = await launch({ key: 'night' });
    await raiseScores(product, [person]);
    const { acceptLink } = await letterTo(product, person);
    await press(acceptLink);
    const { decisions, messages, customer: sleeper, outcome } = await closed(campaign, person);
    const [deferred] = decisions.filter(({ kind }) => kind === 'defer');
    expect(deferred?.reasons).toEqual(['quiet-hours']);
    expect(localHourOf(deferred?.until ?? '', sleeper.timeZone)).toBe(9);
    expect(localHourOf(messages[0]?.submittedAt ?? '', sleeper.timeZone)).toBeGreaterThanOrEqual(9);
    expect(outcome).toBe('saved');
  });

  it('holds while it is paused, goes on when it is resumed, and closes when it is cancelled', async () => {
    const [served, putOff, latecomer] = [await join(product, 'pause'), await join(product, 'pause'), await join(product, 'pause')];
    const campaign = await launch({
      key: 'pause',
      answerWithin: '2 hours',
      silence:
        '[{ offer: { template: save-reminder, channel: preferred }, id: remind }, { await: { answer_within: 1 day }, id: last-day }]',
    });
    product.sink.behave([{ to: putOff.address, then: { kind: 'fail' } }]);
    await raiseScores(product, [served, putOff]);
    await letterTo(product, served);
    const { id } = await enrolmentOf(campaign, putOff);
    await waitFor(async () => (await story(id)).messages.some(({ state, attempts }) => state === 'planned' && attempts > 0), timeoutMs);
    await product.post(`/v1/campaigns/${campaign}/pause`);
    product.sink.behave([]);
    await raiseScores(product, [latecomer]);

    await waitFor(async () => (await report(campaign)).underway.paused === 2, timeoutMs);
    const pausedAt = product.clock.now().getTime();
    await waitFor(() => product.clock.now().getTime() > pausedAt + 2 * hour, timeoutMs);
    expect(product.sink.mailsTo(served.address)).toHaveLength(1);
    expect(product.sink.mailsTo(putOff.address).length).toBe(0);
    expect((await enrolments(campaign)).map(({ customer: { id: customerId } }) => customerId).sort()).toEqual(
      [served.id, putOff.id].sort(),
    );
    // Paused means paused: what would be sent once it is resumed is not even planned.
    expect(await story((await enrolmentOf(campaign, served)).id)).toMatchObject({ step: 'remind', messages: [{ step: 'offer' }] });
    expect(await report(campaign)).toMatchObject({ campaign: { state: 'paused' }, underway: { total: 2, paused: 2 } });

    await product.post(`/v1/campaigns/${campaign}/resume`);
    const { acceptLink } = await letterTo(product, served, 2);
    for (const person of [putOff, latecomer]) await letterTo(product, person);

    await product.post(`/v1/campaigns/${campaign}/cancel`);
    for (const person of [served, putOff, latecomer]) {
      expect(await closed(campaign, person)).toMatchObject({ outcome: 'cancelled', offers: [{ state: 'withdrawn' }] });
    }
    await press(acceptLink);
    expect(await report(campaign)).toMatchObject({
      campaign: { state: 'cancelled' },
      offers: { accepted: 0 },
      budget: { reserved: 0, spent: 0 },
    });
  });

  it('leaves the held-out alone, and measures both arms at the end of the window', async () => {
    const division = { campaign: 'divided', holdout: 0.5 };
    const heldOut = [await arm('holdout'), await arm('holdout')];
    const treated = [await arm('treated'), await arm('treated')];
    // Long enough for a mail that has to wait for the next morning, as on a slow machine.
    const campaign = await launch({ key: 'divided', holdout: '50%', window: '18 hours', answerWithin: '2 hours' });
    await raiseScores(product, [...heldOut, ...treated]);
    for (const person of treated) {
      expect(await closed(campaign, person)).toMatchObject({ arm: 'treated', outcome: 'lapsed', offers: [{ state: 'expired' }] });
      expect(product.sink.mailsTo(person.address)).toHaveLength(1);
    }
    for (const person of heldOut) {
      expect(await closed(campaign, person)).toMatchObject({
        ...{ arm: 'holdout', outcome: 'held-out', retained: true, keptRevenue: 0 },
        ...{ decisions: [], offers: [], messages: [], visits: [] },
      });
      expect(product.sink.mailsTo(person.address).length).toBe(0);
    }
    const lift = async () => (await report(campaign)).lift;
    expect(await waitFor(async () => (await lift())?.basis === 'measured' && lift(), timeoutMs)).toMatchObject({
      treated: { n: 2, retained: 2 },
      holdout: { n: 2, retained: 2 },
      revenue: { treatedMean: 0, holdoutMean: 0 },
    });

    function arm(side: 'treated' | 'holdout'): Promise<Person> {
      return join(product, 'divided', { inArm: { ...division, arm: side } });
    }
  });
});

describe('the books of all campaigns', () => {
  it('add up: one outcome an enrolment, and every message arrived once', async () => {
    const { items } = await product.get<{ items: { id: string; state: string }[] }>('/v1/campaigns');
    for (const { id, state } of items) if (state === 'live') await product.post(`/v1/campaigns/${id}/complete`);
    for (const { id } of items) {
      const all = await waitFor(async () => {
        const rows = await enrolments(id);
        return rows.every(({ state }) => state === 'closed') && rows;
      }, timeoutMs);
      const { outcomes, entered, underway } = await report(id);
      expect(all.length).toBeGreaterThan(0);
      expect(outcomes).toEqual(tally(all.map(({ outcome }) => outcome ?? 'none')));
      expect(Object.values(outcomes).reduce((sum, count) => sum + count)).toBe(entered.total);
      expect([entered.total, underway.total]).toEqual([all.length, 0]);
    }

    await product.twilio.settled();
    expect(product.twilio.failedReports).toBe(0);
    const { items: messages } = await product.get<{ items: { id: string; state: string }[] }>('/v1/messages?limit=200');
    const sent = messages.filter(({ state }) => state === 'accepted' || state === 'delivered').map(({ id }) => id);
    expect(sent.length).toBeGreaterThan(0);
    expect(arrivals(product).sort()).toEqual(sent.sort());
    const counted = await Promise.all(items.map(async ({ id }) => (await report(id)).messages));
    expect(counted.flat().reduce((sum, { accepted, delivered }) => sum + accepted + delivered, 0)).toBe(sent.length);
  });
});

interface Plan {
  readonly key: string;
  /** Its audience: who has this plan. Its key where it is left out, so that campaigns have their customers to themselves. */
  readonly plan?: string;
  readonly holdout?: string;
  readonly window?: string;
  readonly answerWithin?: string;
  readonly silence?: string;
}

/** Stores a campaign and launches it. @returns its id */
async function launch(plan: Plan): Promise<string> {
  const { key, holdout = '0%', window = '3 days', answerWithin = '2 days', silence = '{ exit: lapsed }' } = plan;
  const source = `
campaign: ${key}
goal: customer.status == "renewed"
audience: customer.plan == "${plan.plan ?? key}" && customer.contract == "month-to-month"
trigger: { score: churn, rises_above: 0.60, falls_below: 0.50 }
holdout: ${holdout}
budget: 1000 EUR
window: ${window}
journey:
  - assess: score.churn > 0.40 && customer.status == "active"
  - choose: { from: [bill-credit-10] }
  - offer: { template: save-offer, channel: preferred }
  - await: { answer_within: ${answerWithin} }
    accepted: { exit: saved }
    declined: { exit: declined }
    opt-out: { exit: opted-out }
    silence: ${silence}
`;
  const { id } = await product.post<{ id: string }>('/v1/campaigns', { source });
  expect(await product.post(`/v1/campaigns/${id}/launch`)).toEqual({ id, state: 'live' });
  return id;
}

const report = (campaign: string): Promise<Report> => product.get(`/v1/campaigns/${campaign}/report`);
const story = (enrolment: string): Promise<Story> => product.get(`/v1/enrolments/${enrolment}`);
const customer = ({ id }: Person): Promise<object> => product.get(`/v1/customers/${id}`);
const enrolments = async (campaign: string): Promise<Row[]> =>
  (await product.get<{ items: Row[] }>(`/v1/campaigns/${campaign}/enrolments?limit=200`)).items;

async function enrolmentOf(campaign: string, person: Person): Promise<Row> {
  return waitFor(async () => (await enrolments(campaign)).find((row) => row.customer.id === person.id), timeoutMs);
}

/** Presses the button on the page behind an offer's link. */
async function press(acceptLink: string): Promise<void> {
  const answer = await fetch(acceptLink, { method: 'POST', body: new URLSearchParams({ answer: 'accepted' }) });
  expect(answer.status).toBe(200);
}

/** Waits until this person's enrolment has its outcome. */
async function closed(campaign: string, person: Person): Promise<Story> {
  const { id } = await enrolmentOf(campaign, person);
  return waitFor(async () => {
    const entry = await story(id);
    return entry.state === 'closed' && entry;
  }, timeoutMs);
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
