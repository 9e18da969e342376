import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { startTwilioDouble, type TwilioDouble } from '../../../apps/sandbox/twilio-double.js';
import { messageContext } from '../../../test/harness/message-context.js';
import { createClock, realTime } from '../../platform/clock.js';
import { projectFile } from '../../platform/project-file.js';
import type { MessageContext } from '../contract/message-context.js';
import { loadTemplates, type Templates } from '../../messaging/templates/templates.js';
import type { MessageChannel } from '../contract/channel.js';
import type { TwilioMessage } from '../twilio/messages.js';
import { createWhatsappChannel } from './whatsapp.js';

const accountSid = `AC${'0'.repeat(32)}`;
const authToken = 'a token for tests only';
const contentSid = `HX${'a'.repeat(32)}`;
const company = '+14155550100';
const now = new Date('2026-03-02T12:00:00Z');
const hours = (count: number): Date => new Date(now.getTime() - count * 3_600_000);
const marked = (): Promise<boolean> => Promise.resolve(true);

/** The project's templates, with this WhatsApp part only in save-offer. */
async function templatesWith(whatsapp?: object): Promise<Templates> {
  const dir = mkdtempSync(join(tmpdir(), 'templates-'));
  cpSync(projectFile('config', 'templates'), dir, { recursive: true });
  for (const name of readdirSync(join(dir, 'save-offer'))) {
    const file = join(dir, 'save-offer', name);
    const shipped = parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, stringify({ ...shipped, whatsapp }, { keepUndefined: false }));
  }
  return loadTemplates(dir).finally(() => rmSync(dir, { recursive: true }));
}

const part = {
  text: '{{ company.name }}: {{ offer.title }}. {{ links.accept }} Reply STOP to end.',
  content: { sid: contentSid, variables: { '1': '{{ offer.title }}', '2': '{{ links.accept }}' } },
};

describe('WhatsApp', () => {
  let double: TwilioDouble;
  let channel: MessageChannel<TwilioMessage>;
  let templates: Templates;
  let count = 0;
  const channelWith = (speed = 1): MessageChannel<TwilioMessage> =>
    createWhatsappChannel({
      accountSid,
      authToken,
      from: company,
      baseUrl: double.url,
      publicUrl: 'https://perennial.test',
      clock: createClock({ ...realTime, speed }),
    });
  beforeAll(async () => {
    double = await startTwilioDouble({ accountSid, authToken });
    templates = await templatesWith(part);
    channel = channelWith();
  });
  afterAll(() => double.close());
  afterEach(() => double.behave([]));

  const context = (overrides: Partial<MessageContext> = {}, of = templates): MessageContext =>
    messageContext('whatsapp', `+1415556${String(++count).padStart(4, '0')}`, overrides, of);
  const send = async (given: MessageContext) => {
    const result = await channel.send(channel.compose(given, now), marked);
    await double.settled();
    return { result, messages: double.textsTo(`whatsapp:${given.address}`) };
  };

  it('uses a content template if the customer has not written', async () => {
    const given = context();
    const { result, messages } = await send(given);
    expect(messages).toMatchObject([
      {
        from: `whatsapp:${company}`,
        content: { sid: contentSid, variables: { '1': '12 EUR off your next bill', '2': 'https://perennial.test/o/1' } },
        statusCallback: `https://perennial.test/hooks/twilio/status?message=${given.messageId}`,
        status: 'delivered',
      },
    ]);
    expect(result).toEqual({ kind: 'accepted', providerId: messages[0]?.sid });
  });

  it('uses free text within 24 hours of the customer’s message', async () => {
    const given = context({ lastInboundAt: hours(23) });
    double.setInboundUrl('http://127.0.0.1:1');
    await double.receive({ from: `whatsapp:${given.address}`, to: `whatsapp:${company}`, body: 'hello' }).catch(() => undefined);
    const { messages } = await send(given);
    expect(messages).toMatchObject([
      {
        body: 'Example Telecom: 12 EUR off your next bill. https://perennial.test/o/1 Reply STOP to end.',
        content: null,
        status: 'delivered',
      },
    ]);
  });

  it.each([
    [hours(0), 1, 'free'],
    [hours(23.8), 1, 'free'],
    [hours(23.9), 1, 'template'],
    [hours(24), 1, 'template'],
    [hours(240), 1, 'template'],
    // The provider counts real hours: 240 of the campaign are 4 at a speed of 60.
    [hours(240), 60, 'free'],
    [null, 1, 'template'],
  ])('a customer who last wrote at %p, at speed %d: %s', (lastInboundAt, speed, words) => {
    const composed = channelWith(speed).compose(context({ lastInboundAt }), now);
    expect(composed.body === undefined ? 'template' : 'free').toBe(words);
    expect(composed.contentSid === undefined ? 'free' : 'template').toBe(words);
  });

  it('may be refused later by the provider if the free text came too late', async () => {
    const { result, messages } = await send(context({ lastInboundAt: hours(1) }));
    expect(result).toMatchObject({ kind: 'accepted' });
    expect(messages).toMatchObject([{ status: 'failed', errorCode: 63016 }]);
  });

  it.each([
    [63016, 'rejected', 'alert'],
    [63003, 'rejected', 'dead-address'],
    [63024, 'rejected', 'refused'],
    [63018, 'retry', 'slow-down'],
  ])('that is refused with %d is %s as %s', async (code, kind, errorClass) => {
    double.behave([{ then: { kind: 'refuse', code } }]);
    expect((await send(context())).result).toEqual({ kind, errorClass, errorCode: String(code) });
  });

  it('of a person has their own text, and is not sent after the conversation is over', async () => {
    const reply = { text: '{{ offer.title }}: yes', thread: null, answered: null };
    const { messages } = await send(context({ reply, lastInboundAt: hours(23) }));
    expect(messages).toMatchObject([{ body: '{{ offer.title }}: yes' }]);
    for (const lastInboundAt of [hours(24), null]) {
      expect(() => channel.compose(context({ reply, lastInboundAt }), now)).toThrow(
        expect.objectContaining({ name: 'CannotCompose', code: 'conversation-over' }) as Error,
      );
    }
  });

  it('is not composed from a template without a part for it', async () => {
    const without = await templatesWith();
    expect(() => channel.compose(context({}, without), now)).toThrow('has no part for WhatsApp');
  });

  it('is found again if its submission had no reply, as free text or as a template', async () => {
    for (const lastInboundAt of [null, hours(1)]) {
      const given = context({ lastInboundAt });
      double.behave([{ then: { kind: 'cut' } }]);
      const { result, messages } = await send(given);
      expect(result).toMatchObject({ kind: 'unknown' });
      const sent = {
        messageId: given.messageId,
        context: given,
        submittedAt: now,
        realSubmittedAt: new Date(),
        knownProviderIds: new Set<string>(),
      };
      expect(await channel.lookUp?.(sent)).toMatchObject({ kind: 'found', providerId: messages[0]?.sid });
      expect(await channel.lookUp?.({ ...sent, knownProviderIds: new Set(messages.map(({ sid }) => sid)) })).toEqual({ kind: 'not-found' });
    }
  });
});
