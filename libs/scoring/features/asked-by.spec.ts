import { askedBy } from './asked-by.js';
import { feature } from './sources/table.js';

const read = (written: Readonly<Record<string, object>>) =>
  Object.fromEntries(Object.entries(written).map(([name, declared]) => [name, feature.parse(declared)]));

describe('what a score asks for', () => {
  it('is each field and kind of event that a feature or the population reads, once', () => {
    const features = read({
      plan: { type: 'category' },
      branch: { type: 'flag' },
      end: { days_until: 'contract_end' },
      failed: { events: 'payment.failed', count: '30 days' },
      since: { events: 'payment.failed', since_last: true },
      notice: { contract: 'days_to_end' },
      clicks: { messages: 'clicked', within: '30 days' },
      sent: { messages: 'sent', within: '30 days' },
      complaints: { tasks: 'complaint', open: true },
      answers: { messages: 'answered', within: '30 days' },
    });
    expect(askedBy(features, 'customer.status == "active" && events("usage", 30) > 0')).toEqual([
      'customer.plan',
      'customer.branch',
      'customer.contract_end',
      'events.payment.failed',
      'events.contract.ended',
      'events.contract.renewed',
      'events.click',
      'responses',
      'customer.status',
      'events.usage',
    ]);
  });
});
