import fc from 'fast-check';
import {
  changesOf,
  consentsOf,
  hoursChoiceOf,
  isStopped,
  maskAddress,
  windowsOf,
  withLanguage,
  type AddressState,
  type Choices,
  type ShownPreferences,
} from './preferences.js';

const choices: Choices = { preferredChannel: null, language: 'en', timeZone: 'Europe/Berlin', hours: 'any' };
const shown = (email: boolean, mark = 'a', others: Partial<Choices> = {}): ShownPreferences => ({
  consents: { 'email.marketing': { granted: email, mark } },
  choices: { ...choices, ...others },
});
const wished = (email: boolean, others: Partial<Choices> = {}) => ({
  ticked: new Set(email ? ['email.marketing'] : []),
  choices: { ...choices, ...others },
});
const email = (granted: boolean) => ({ channel: 'email', purpose: 'marketing', granted });
const none = { consents: [], choices: {}, stale: false };

describe('what a form changes', () => {
  it('is only what the customer changed on it', () => {
    expect(changesOf(shown(true), wished(false, { language: 'de' }), shown(true))).toEqual({
      consents: [email(false)],
      choices: { language: 'de' },
      stale: false,
    });
    expect(changesOf(shown(false), wished(true), shown(false))).toEqual({ ...none, consents: [email(true)] });
  });

  it('is nothing the second time', () => {
    expect(changesOf(shown(false), wished(true, { hours: '540-1080' }), shown(true, 'b', { hours: '540-1080' }))).toEqual(none);
  });

  it('never grants again what was withdrawn in the meantime', () => {
    expect(changesOf(shown(true), wished(true), shown(false, 'b'))).toEqual(none);
    expect(changesOf(shown(false), wished(true), shown(false, 'b'))).toEqual({ ...none, stale: true });
  });

  it('always withdraws, however old the form is', () => {
    expect(changesOf(shown(true), wished(false), shown(true, 'b')).consents).toEqual([email(false)]);
  });

  it('does not undo a setting that was changed elsewhere', () => {
    expect(changesOf(shown(true), wished(true), shown(true, 'a', { timeZone: 'Asia/Tokyo' }))).toEqual(none);
  });

  it('ignores choices that are not (or no longer) offered', () => {
    expect(changesOf(shown(false), wished(true), { consents: {}, choices })).toEqual(none);
    expect(changesOf({ consents: {}, choices }, wished(true), shown(false))).toEqual(none);
  });

  it('makes everything as the customer sees it, if nothing else happened; and a grant always comes from a tick', () => {
    const state = fc.record({
      email: fc.boolean(),
      mark: fc.constantFrom('a', 'b'),
      hours: fc.constantFrom<Choices['hours']>('any', '540-1080'),
    });
    fc.assert(
      fc.property(state, state, state, (seen, wish, present) => {
        const before = shown(seen.email, seen.mark, seen);
        const form = wished(wish.email, wish);
        const changes = changesOf(before, form, shown(present.email, present.mark, present));
        if (changes.consents.some(({ granted }) => granted)) {
          expect([seen.email, wish.email, present.email, seen.mark]).toEqual([false, true, false, present.mark]);
        }
        const calm = changesOf(before, form, before);
        expect(calm.stale).toBe(false);
        expect(calm.consents).toEqual(seen.email === wish.email ? [] : [email(wish.email)]);
        expect({ ...before.choices, ...calm.choices }).toEqual(form.choices);
      }),
    );
  });
});

describe('what may be chosen', () => {
  const address: AddressState = { channel: 'sms', address: '+4915112345678', addressHash: 'h', dead: false, suppression: null, latest: {} };
  const granted = (state: Partial<AddressState>, objected = false): object =>
    Object.fromEntries(Object.entries(consentsOf([{ ...address, ...state }], objected)).map(([key, consent]) => [key, consent.granted]));

  it('marketing is on only after a grant, messages about the contract unless withdrawn', () => {
    expect(granted({})).toEqual({ 'sms.marketing': false, 'sms.service': true });
    const latest = { marketing: { granted: true, id: '1' }, service: { granted: false, id: '2' } };
    expect(granted({ latest })).toEqual({ 'sms.marketing': true, 'sms.service': false });
  });

  it('an opt-out by e-mail turns off only offers', () => {
    const latest = { marketing: { granted: true, id: '1' } };
    expect(granted({ channel: 'email', latest, suppression: 'opt-out' })).toEqual({ 'email.marketing': false, 'email.service': true });
  });

  it('an address is stopped when nothing may be sent to it and no old grant could become valid again', () => {
    const stopped = (state: Partial<AddressState>): boolean => isStopped({ ...address, ...state });
    const off = { granted: false, id: '1' };
    expect(stopped({ latest: { marketing: off, service: off } })).toBe(false);
    expect(stopped({ suppression: 'opt-out', latest: { marketing: off } })).toBe(true);
    expect(stopped({ suppression: 'opt-out', latest: { marketing: { granted: true, id: '1' } } })).toBe(false);
    expect(stopped({ channel: 'email', suppression: 'opt-out', latest: { marketing: off } })).toBe(false);
    expect(stopped({ channel: 'email', suppression: 'opt-out', latest: { marketing: off, service: off } })).toBe(true);
    expect(stopped({ channel: 'email', suppression: 'complaint', latest: { marketing: off } })).toBe(true);
  });

  it('an opt-out turns everything off until it is revoked; a complaint and a dead address leave nothing to choose', () => {
    expect(granted({ suppression: 'opt-out' })).toEqual({ 'sms.marketing': false, 'sms.service': false });
    for (const suppression of ['complaint', 'erased', 'dead-address']) expect(granted({ suppression })).toEqual({});
    expect(granted({ dead: true })).toEqual({});
  });

  it('an objection cannot be revoked by a tick', () => {
    expect(granted({ latest: { marketing: { granted: true, id: '1' } } }, true)).toEqual({ 'sms.service': true });
  });
});

describe('details', () => {
  it('hours are converted in both directions', () => {
    const hours = fc.tuple(fc.nat(1_439), fc.integer({ min: 1, max: 1_440 })).map(([from, to]) => `${from}-${to}` as const);
    fc.assert(fc.property(hours, (choice) => expect(hoursChoiceOf(windowsOf(choice) ?? [])).toBe(choice)));
    expect([hoursChoiceOf(null), hoursChoiceOf([]), hoursChoiceOf([{ days: [1], from: 0, to: 60 }])]).toEqual(['any', 'any', 'other']);
    expect([windowsOf('any'), windowsOf('other')]).toEqual([null, undefined]);
  });

  it.each([
    ['jane.doe@example.com', 'j•••@example.com'],
    ['+4915112345678', '+49•••678'],
  ])('%s is masked', (address, masked) => expect(maskAddress(address)).toBe(masked));

  it('a language keeps its country', () => {
    expect([withLanguage('de-AT', 'fr'), withLanguage('en', 'de'), withLanguage('en_GB', 'es')]).toEqual(['fr-AT', 'de', 'es-GB']);
  });
});
