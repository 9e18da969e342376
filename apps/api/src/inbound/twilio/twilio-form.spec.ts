import { parseForm } from '../form.js';
import { readInboundText, type InboundText } from './twilio-form.js';

type Fields = Readonly<Record<string, string>>;
const sid = `SM${'a'.repeat(32)}`;
const whole: Fields = {
  AccountSid: `AC${'b'.repeat(32)}`,
  ApiVersion: '2010-04-01',
  Body: 'STOP',
  From: '+4915177777777',
  FromCity: '',
  MessageSid: sid,
  NumMedia: '0',
  NumSegments: '1',
  SmsSid: sid,
  To: '+15005550006',
};
const readForm = (more: Fields, drop: readonly string[] = []): InboundText | undefined => {
  const kept = Object.entries({ ...whole, ...more }).filter(([name]) => !drop.includes(name));
  return readInboundText(parseForm(Buffer.from(new URLSearchParams(kept).toString())));
};

describe('a whole form', () => {
  it.each<Fields>([
    { CallerName: '' },
    { CampaignId: '' },
    { FromCarrier: '' },
    { CallerIdName: '', ContentVariables: '' },
    { ForwardedFrom: '+447700900006' },
    { ForwardedFrom: 'whatsapp:+447700900006' },
    { ForwardedFromCity: 'Leeds' },
    { Geo_Id: '1' },
    { 'Content-Sid': '1' },
    { ButtonText: 'STOP', ButtonPayload: 'From+447700900006' },
    { CallerPayload: 'From+447700900006' },
    { InteractiveData: '{"a":"FromB"}', From: 'whatsapp:+4915177777777' },
    { InteractiveData: '{"a":"From+447700900006"}' },
    { ProfileName: 'From447700900006' },
  ])('with %j is taken', (more) => {
    expect(readForm(more)).toMatchObject({ Body: 'STOP', From: { number: '+4915177777777' } });
  });

  it.each(['STOP\nFrom447700900006', 'STOP From+447700900006A', 'STOPFrom49151', 'See From+447700900006Z', 'From+447700900006 Hi'])(
    'with the words %j is taken',
    (Body) => expect(readForm({ Body })).toMatchObject({ Body, From: { number: '+4915177777777' } }),
  );

  it('may have its channel and opt-out type in upper or lower case', () => {
    expect(readForm({ From: 'WhatsApp:+447700900006' })?.From).toEqual({ channel: 'whatsapp', number: '+447700900006' });
    expect(readForm({ OptOutType: 'stop' })?.OptOutType).toBe('STOP');
    expect(readForm({ OptOutType: 'Help' })?.OptOutType).toBe('HELP');
  });

  it.each<Fields>([{ ListTitle: 'Stop', ListId: 'x' }, { ButtonText: 'Stop' }])(
    'without a body has the text that was picked: %j',
    (picked) => {
      expect(readForm(picked, ['Body'])?.Body).toBe('Stop');
      expect(readForm({ ...picked, Body: '' })?.Body).toBe('Stop');
    },
  );

  it.each(['rcs:+447700900006', 'RCS:+447700900006', 'messenger:4915177777777', 'instagram:abc.def', 'whatsapp:US.13491208655302741918'])(
    'from %s, an address that is not answered here, is ignored',
    (From) => expect(readForm({ From })).toBeUndefined(),
  );
});

describe('a form that was divided differently from Twilio’s', () => {
  const victim = '+447700900006';
  it.each<Fields>([
    { From: victim, 'From+4915177777777FromCity': '' },
    { From: victim, FromCity: 'From+4915177777777' },
    { From: `whatsapp:${victim}`, FromCity: 'Fromwhatsapp:+4915177777777' },
    { From: `whatsapp:${victim}`, 'From+4915177777777FromCity': '' },
    { From: victim, Label: 'From4915177777777FromCity' },
    { From: victim, ToCity: `Frommessenger:4915177777777MessageSid${sid}` },
    { From: victim, Zulu: `From+4915177777777FromCityMessageSid${sid}` },
    { From: victim, FromCity: 'Fromwhatsapp:US.13491208655302741918' },
    { Body: 'YES', Dont: '' },
    { Cut: 'offFromEXAMPLE' },
    { 'Dont do it': '' },
  ])('is refused: %j', (more) => {
    expect(() => readForm(more)).toThrow('more than one way');
  });
});
