import { namedChannels } from './named-channels.js';

describe('the channels that an opt-out names', () => {
  const phone = ['sms', 'whatsapp'];
  it.each([
    ['Please stop texting me.', phone],
    ['Bitte keine SMS mehr', phone],
    ['Plus de textos svp', phone],
    ['No quiero más WhatsApps', phone],
    ['Basta sms', phone],
    ['Geen smsjes meer', phone],
    ['Nie chcę SMSów', phone],
    ["Ikke flere sms'er", phone],
    ['Inga fler sms', phone],
    ['Chega de SMS', phone],
    ['Stop emailing me', ['email']],
    ['Keine E-Mails mehr', ['email']],
    ['no more e-mail or texts', ['email', ...phone]],
    ['STOP', []],
  ])('%s: %j', (text, named) => {
    expect([...namedChannels(text)].sort()).toEqual([...named].sort());
  });
});
