import { channels } from '../../customers/contact-point.entity.js';
import { classifyError, errorClasses } from './provider-errors.js';

describe('the class of a provider’s code', () => {
  it.each([
    ['sms', ['21610', '400'], 'opt-out'],
    ['sms', ['30006'], 'dead-address'],
    ['sms', ['20003', '401'], 'sender-refused'],
    ['sms', ['30002'], 'sender-refused'],
    ['sms', ['21408', '403'], 'alert'],
    ['sms', ['30034'], 'alert'],
    ['sms', ['21612', '400'], 'refused'],
    ['sms', ['429'], 'slow-down'],
    ['sms', ['20429', '429'], 'slow-down'],
    ['sms', ['99999', '400'], 'refused'],
    ['whatsapp', ['63016', '400'], 'alert'],
    ['email', ['5.1.1', '550'], 'dead-address'],
    ['email', ['550'], 'refused'],
    ['email', ['5.7.26', '550'], 'alert'],
    ['email', ['5.7.8', '535'], 'sender-refused'],
    ['email', ['5.2.2', '552'], 'refused'],
    ['email', ['421'], 'slow-down'],
    // What is more exact counts first: the digit of an enhanced status says less than the whole reply.
    ['email', ['4.4.2', '421'], 'slow-down'],
    ['email', ['4.7.1', '450'], 'slow-down'],
    ['email', ['4.3.0', '451'], 'safe-retry'],
    ['email', ['450'], 'transient'],
  ] as const)('of %s %j is %s', (channel, codes, errorClass) => {
    expect(classifyError(channel, ...codes)).toBe(errorClass);
  });

  it('knows every channel', () => {
    for (const channel of channels) expect(errorClasses[classifyError(channel, '429', '421')]).toMatchObject({ outcome: 'retry' });
  });
});
