import fc from 'fast-check';
import { isOpen } from './contact-hours.js';
import { judgeContact, type ContactFacts } from './contact-policy.js';

const hour = 3_600_000;
const day = 24 * hour;
/** A Monday noon in Berlin. */
const noon = Date.parse('2026-03-02T11:00:00Z');
const nineToEight = [{ zone: 'Europe/Berlin', rules: [[{ days: [1, 2, 3, 4, 5, 6, 7], from: 540, to: 1200 }]] }];

const welcome: ContactFacts = {
  now: noon,
  purpose: 'marketing',
  address: { dead: false, suppressed: false, consent: 'granted' },
  objected: false,
  sent: [],
  cap: { messages: 3, windowMs: 7 * day },
  hours: nineToEight,
  offer: { open: true, expiresAt: noon + 14 * day },
};
const judge = (facts: Partial<ContactFacts>): ReturnType<typeof judgeContact> => judgeContact({ ...welcome, ...facts });
const address = { dead: false, suppressed: false, consent: 'granted' } as const;

describe('the contact policy', () => {
  it('lets a welcome message go, until the quiet hours or the offer end it', () => {
    expect(judge({})).toEqual({ kind: 'send', sendBefore: Date.parse('2026-03-02T19:00:00Z') });
    expect(judge({ offer: { open: true, expiresAt: noon + hour } })).toEqual({ kind: 'send', sendBefore: noon + hour });
    expect(judge({ offer: null })).toMatchObject({ kind: 'send' });
  });

  it.each<[string, Partial<ContactFacts>]>([
    ['no-address', { address: null }],
    ['suppressed', { address: { ...address, suppressed: true } }],
    ['dead-address', { address: { ...address, dead: true } }],
    ['objected', { objected: true }],
    ['no-consent', { address: { ...address, consent: null } }],
    ['no-consent', { address: { ...address, consent: 'withdrawn' } }],
    ['offer-closed', { offer: { open: false, expiresAt: noon + day } }],
    ['offer-closed', { offer: { open: true, expiresAt: noon } }],
    ['unknown-zone', { hours: null }],
  ])('blocks for %s', (reason, facts) => {
    expect(judge(facts)).toMatchObject({ kind: 'block', reasons: [reason] });
  });

  it('names every bar, the gravest first', () => {
    expect(judge({ objected: true, address: { dead: true, suppressed: true, consent: null } })).toEqual({
      kind: 'block',
      reasons: ['suppressed', 'dead-address', 'objected', 'no-consent'],
    });
  });

  it('asks less of a service message: neither consent nor cap, but no withdrawal either', () => {
    const full = { purpose: 'service', sent: [noon, noon, noon], objected: true } as const;
    expect(judge({ ...full, address: { ...address, consent: null } }).kind).toBe('send');
    expect(judge({ ...full, address: { ...address, consent: 'withdrawn' } }).kind).toBe('block');
  });

  it('defers to the end of the quiet hours', () => {
    expect(judge({ now: Date.parse('2026-03-02T22:00:00Z') })).toEqual({
      kind: 'defer',
      until: Date.parse('2026-03-03T08:00:00Z'),
      reasons: ['quiet-hours'],
    });
  });

  it('defers until enough earlier messages have left the window of the cap', () => {
    const sent = [noon - 6 * day, noon - 2 * day, noon - 3 * day];
    expect(judge({ sent })).toEqual({ kind: 'defer', until: noon + day, reasons: ['cap'] });
    expect(judge({ sent: [...sent, noon - day] })).toEqual({ kind: 'defer', until: noon + 4 * day, reasons: ['cap'] });
    expect(judge({ sent: [noon - 7 * day, noon, noon] }).kind).toBe('send');
    expect(judge({ sent: [noon - 7 * day + 12 * hour, noon, noon] })).toMatchObject({ reasons: ['cap', 'quiet-hours'] });
  });

  it('blocks what would have to wait longer than the offer stands', () => {
    const offer = { open: true, expiresAt: noon + day };
    expect(judge({ sent: [noon, noon, noon], offer })).toEqual({ kind: 'block', reasons: ['cap', 'offer-expires'] });
  });

  it('never sends or plans at a quiet moment, above the cap, or past the offer', () => {
    const facts = fc.record({
      now: fc.integer({ min: -30 * day, max: 30 * day }).map((shift) => noon + shift),
      sent: fc.array(
        fc.integer({ min: 0, max: 10 * day }).map((ago) => noon - ago),
        { maxLength: 6 },
      ),
      expiresIn: fc.integer({ min: 1, max: 20 * day }),
    });
    fc.assert(
      fc.property(facts, ({ now, sent, expiresIn }) => {
        const past = sent.filter((at) => at <= now);
        const verdict = judge({ now, sent: past, offer: { open: true, expiresAt: now + expiresIn } });
        if (verdict.kind === 'block') return;
        const at = verdict.kind === 'send' ? now : verdict.until;
        expect(isOpen(nineToEight, at)).toBe(true);
        expect(past.filter((each) => each > at - 7 * day).length).toBeLessThan(3);
        expect(at).toBeLessThan(now + expiresIn);
        if (verdict.kind === 'send') expect(verdict.sendBefore).toBeGreaterThan(now);
      }),
    );
  });
});
