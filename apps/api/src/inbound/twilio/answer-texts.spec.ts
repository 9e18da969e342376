import { segmentsOf } from '../../../../../libs/channels/sms/segments.js';
import { answerText } from './answer-texts.js';

const company = { name: 'Example Telecom', contact: '+49 30 1234567' };

describe('the automatic reply by text', () => {
  it.each(['en', 'de-AT', 'fr', 'es'])('fits into one segment, names the company and says how to stop (%s)', (locale) => {
    const help = answerText({ kind: 'help', locale }, company);
    expect(help).toMatch(/^Example Telecom ?: .*\+49 30 1234567\. .*STOP/);
    const bare = answerText({ kind: 'help', locale }, { ...company, contact: undefined });
    expect(bare).toMatch(/^Example Telecom ?: .*STOP/);
    const late = answerText({ kind: 'too-late', locale }, company);
    expect(late).toMatch(/^Example Telecom ?: /);
    for (const text of [help, bare, late]) {
      expect([text, segmentsOf(text)]).toMatchObject([text, { encoding: 'gsm-7', segments: 1 }]);
      expect(text).not.toMatch(/[{}]| {2}/);
    }
  });

  it('inserts a name unchanged, and uses English if there is no text in the customer’s language', () => {
    expect(answerText({ kind: 'help', locale: 'pl' }, { name: 'A $& {contact} B', contact: '$1' })).toBe(
      'A $& {contact} B: messages about your contract and offers. Help: $1. Reply STOP to end them.',
    );
  });
});
