import fc from 'fast-check';
import { isOpen } from './contact-hours.js';
import { judgeContact, type ContactFacts } from './contact-policy.js';

const hour = 3_600_000;
const day = 24 * hour;
/** A Monday noon in Berlin. */
const noon = Date.parse('2026-03-02T11:00:00Z');
const nineToEight = [{ zone: 'Europe/Berlin', rules: [[{ days: [1, 2, 3, 4, 5, 6, 7], from: 540, to: 1200 }]] }] as const;

const welcome: ContactFacts = {
  now: noon,
  restrictions: [],
  sent: [],
  limits: { caps: [{ messages: 3, windowMs: 7 * day }], gapMs: 0 },
  competing: [],
  givesWayUntil: noon + 3 * day,
  likelyHours: null,
  windowEndsAt: noon + 30 * day,
  hours: nineToEight,
  offer: { open: true, expiresAt: noon + 14 * day },
};
const judge = (facts: Partial<ContactFacts>): ReturnType<typeof judgeContact> => judgeContact({ ...welcome, ...facts });

describe('the contact policy', () => {
  it('sends an allowed message, until the quiet hours or the end of the offer', () => {
    expect(judge({})).toEqual({ kind: 'send', sendBefore: Date.parse('2026-03-02T19:00:00Z') });
    expect(judge({ offer: { open: true, expiresAt: noon + hour } })).toEqual({ kind: 'send', sendBefore: noon + hour });
    expect(judge({ offer: null })).toMatchObject({ kind: 'send' });
  });

  it.each<[string, Partial<ContactFacts>]>([
    ['no-address', { restrictions: null }],
    ['withdrawn', { restrictions: ['withdrawn'] }],
    ['offer-closed', { offer: { open: false, expiresAt: noon + day } }],
    ['offer-closed', { offer: { open: true, expiresAt: noon } }],
    ['unknown-zone', { hours: null }],
  ])('blocks for %s', (reason, facts) => {
    expect(judge(facts)).toMatchObject({ kind: 'block', reasons: [reason] });
  });

  it('blocks if no hour is ever open: without a zone, if several are possible', () => {
    const never = { zone: 'Europe/Berlin', rules: [[{ days: [1], from: 0, to: 60 }], [{ days: [1], from: 60, to: 120 }]] };
    expect(judge({ hours: [never] })).toEqual({ kind: 'block', reasons: ['never-open'] });
    expect(judge({ hours: [never, { ...never, zone: 'Asia/Tokyo' }] })).toEqual({
      kind: 'block',
      reasons: ['unknown-zone', 'quiet-hours'],
    });
  });

  it('names every restriction, the most serious first', () => {
    expect(judge({ restrictions: ['suppressed', 'no-consent'], offer: { open: false, expiresAt: noon } })).toEqual({
      kind: 'block',
      reasons: ['suppressed', 'no-consent', 'offer-closed'],
    });
  });

  it('defers to the end of the quiet hours', () => {
    expect(judge({ now: Date.parse('2026-03-02T22:00:00Z') })).toEqual({
      kind: 'defer',
      until: Date.parse('2026-03-03T08:00:00Z'),
      reasons: ['quiet-hours'],
    });
  });

  it('defers until enough earlier messages are outside of the window of the cap', () => {
    const sent = [noon - 6 * day, noon - 2 * day, noon - 3 * day];
    expect(judge({ sent })).toEqual({ kind: 'defer', until: noon + day, reasons: ['cap'] });
    expect(judge({ sent: [...sent, noon - day] })).toEqual({ kind: 'defer', until: noon + 4 * day, reasons: ['cap'] });
    expect(judge({ sent: [noon - 7 * day, noon, noon] }).kind).toBe('send');
    expect(judge({ sent: [noon - 7 * day + 12 * hour, noon, noon] })).toMatchObject({ reasons: ['cap', 'quiet-hours'] });
  });

  it('keeps the minimum gap between two messages', () => {
    const limits = { ...welcome.limits, gapMs: 12 * hour };
    expect(judge({ limits, sent: [noon - 9 * hour] })).toEqual({ kind: 'defer', until: noon + 3 * hour, reasons: ['gap'] });
    expect(judge({ limits, sent: [noon - 12 * hour] }).kind).toBe('send');
    expect(judge({ limits, sent: [noon - hour] })).toEqual({ kind: 'defer', until: noon + 21 * hour, reasons: ['gap', 'quiet-hours'] });
  });

  it('gives way to a campaign with a higher priority while only one message is allowed, but not longer than necessary or permitted', () => {
    const one = { caps: [{ messages: 1, windowMs: 7 * day }], gapMs: 0 };
    const two = { caps: [{ messages: 2, windowMs: 7 * day }], gapMs: 0 };
    const competing = [noon + 5 * hour];
    expect(judge({ limits: two, competing }).kind).toBe('send');
    expect(judge({ limits: one, competing })).toEqual({ kind: 'defer', until: noon + day, reasons: ['priority'] });
    expect(judge({ limits: one, competing, givesWayUntil: noon }).kind).toBe('send');
    expect(judge({ limits: one, competing, givesWayUntil: noon + 2 * hour })).toMatchObject({ kind: 'defer', until: noon + 2 * hour });
    expect(judge({ limits: { caps: [], gapMs: 12 * hour }, competing })).toMatchObject({
      until: noon + 21 * hour,
      reasons: ['priority', 'quiet-hours'],
    });
    const offer = { open: true, expiresAt: noon + day };
    expect(judge({ limits: one, competing, offer })).toEqual({ kind: 'block', reasons: ['priority', 'offer-expires'] });
  });

  it('waits for a better hour within a day, if the offer, the window and the limits allow it', () => {
    const evenings = [{ zone: 'Europe/Berlin', rules: [...nineToEight[0].rules, [{ days: [1, 2, 3, 4, 5, 6, 7], from: 1080, to: 1260 }]] }];
    const six = noon + 6 * hour;
    expect(judge({ likelyHours: evenings })).toEqual({ kind: 'defer', until: six, reasons: ['preferred-hour'] });
    expect(judge({ likelyHours: evenings, now: six }).kind).toBe('send');
    expect(judge({ likelyHours: evenings, offer: { open: true, expiresAt: six } }).kind).toBe('send');
    expect(judge({ likelyHours: evenings, windowEndsAt: six }).kind).toBe('send');
    const gap = { caps: [], gapMs: 4 * hour };
    expect(judge({ likelyHours: evenings, limits: gap, competing: [six + hour] }).kind).toBe('send');
    const onSundays = [{ zone: 'Europe/Berlin', rules: [[{ days: [7], from: 1080, to: 1260 }]] }];
    expect(judge({ likelyHours: onSundays }).kind).toBe('send');
  });

  it('blocks a message that would have to wait beyond the end of the offer', () => {
    const offer = { open: true, expiresAt: noon + day };
    expect(judge({ sent: [noon, noon, noon], offer })).toEqual({ kind: 'block', reasons: ['cap', 'offer-expires'] });
  });

  it('never sends or plans in quiet hours, above the cap, or after the end of the offer', () => {
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
