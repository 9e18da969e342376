import { judgeSmtpError } from './smtp-errors.js';

const refusal = (response: string, command = 'RCPT TO'): string => {
  const result = judgeSmtpError({ code: 'EENVELOPE', responseCode: Number(response.slice(0, 3)), response, command }, false);
  return 'errorClass' in result ? result.errorClass : result.kind;
};

describe('a recipient that the server refuses', () => {
  it.each([
    ['550 user does not exist', 'dead-address'],
    ['550 5.4.1 Recipient address rejected: Access denied', 'dead-address'],
    ['550 5.1.1 no', 'dead-address'],
    ['450 4.1.1 user unknown', 'transient'],
    ['550 5.7.1 blocked as spam', 'alert'],
    ['552 5.2.2 mailbox full', 'refused'],
    ['550 no', 'refused'],
  ])('%s is %s', (response, errorClass) => {
    expect(refusal(response)).toBe(errorClass);
  });

  it('is not dead if the sender does not exist', () => {
    expect(refusal('550 the domain of the sender does not exist', 'MAIL FROM')).toBe('refused');
  });
});
