import { channels } from '../table.js';
import { classifyError, errorClasses, errorsOf } from './provider-errors.js';

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
    // Too many texts between two numbers, which says nothing about other numbers.
    ['sms', ['14107', '429'], 'transient'],
    ['sms', ['21635', '400'], 'dead-address'],
    ['sms', ['20404', '404'], 'sender-refused'],
    ['sms', ['21660', '400'], 'sender-refused'],
    ['whatsapp', ['63016', '400'], 'alert'],
    ['whatsapp', ['63014'], 'opt-out'],
    ['whatsapp', ['63001'], 'sender-refused'],
    ['whatsapp', ['21656', '400'], 'template'],
    ['email', ['5.1.1', '550'], 'dead-address'],
    ['email', ['550'], 'refused'],
    ['email', ['5.7.26', '550'], 'alert'],
    ['email', ['5.7.8', '535'], 'sender-refused'],
    ['email', ['5.2.2', '552'], 'refused'],
    ['email', ['421'], 'slow-down'],
    // The more exact code counts first: the first digit of an enhanced status says less than the whole reply.
    ['email', ['4.4.2', '421'], 'slow-down'],
    ['email', ['4.7.1', '450'], 'slow-down'],
    ['email', ['4.3.0', '451'], 'safe-retry'],
    ['email', ['450'], 'transient'],
    // A full mailbox and one that gets too much mail concern only this recipient, whatever the reply's own number.
    ['email', ['4.2.2', '452'], 'transient'],
    ['email', ['4.2.1', '421'], 'transient'],
    ['email', ['452'], 'safe-retry'],
    ['email', ['5.7.10', '530'], 'sender-refused'],
    ['email', ['5.7.17', '550'], 'dead-address'],
  ] as const)('of %s %j is %s', (channel, codes, errorClass) => {
    expect(classifyError(errorsOf(channel), ...codes)).toBe(errorClass);
  });

  it('knows every channel', () => {
    for (const channel of channels)
      expect(errorClasses[classifyError(errorsOf(channel), '429', '421')]).toMatchObject({ outcome: 'retry' });
  });
});
