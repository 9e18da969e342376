import fc from 'fast-check';
import { segmentsOf as billedBy } from '../../../apps/sandbox/twilio-texts.js';
import { segmentsOf } from './segments.js';

describe('the segments of a text', () => {
  it.each([
    ['nothing', '', 'gsm-7', 0, 1],
    ['160 letters', 'a'.repeat(160), 'gsm-7', 160, 1],
    ['161 letters', 'a'.repeat(161), 'gsm-7', 161, 2],
    ['twice 153', 'a'.repeat(306), 'gsm-7', 306, 2],
    ['one more', 'a'.repeat(307), 'gsm-7', 307, 3],
    ['Greek capitals, accents, a line break', 'ΔΦΓΛΩΠΨΣΘΞ àéèùìò ÄÖÑÜß\n', 'gsm-7', 24, 1],
    ['80 signs of the extension', '€'.repeat(80), 'gsm-7', 160, 1],
    ['one more of them', '€'.repeat(81), 'gsm-7', 162, 2],
    ['77 of them, of which a part takes 76', '€'.repeat(77) + 'a'.repeat(152), 'gsm-7', 306, 3],
    ['a small c with a cedilla', 'ça va', 'ucs-2', 5, 1],
    ['70 characters beyond it', 'ж'.repeat(70), 'ucs-2', 70, 1],
    ['71', 'ж'.repeat(71), 'ucs-2', 71, 2],
    ['twice 67', 'ж'.repeat(134), 'ucs-2', 134, 2],
    ['35 emoji', '😀'.repeat(35), 'ucs-2', 70, 1],
    ['67 emoji, of which a part takes 33', '😀'.repeat(67), 'ucs-2', 134, 3],
  ])('%s', (_, text, encoding, units, segments) => {
    expect(segmentsOf(text)).toEqual({ encoding, units, segments });
  });

  it('are as many as the provider bills', () => {
    const characters = fc.constantFrom(...Array.from('aZ9 @£Δ_é\n€[]{}\\^~|\f'), 'ç', 'ж', '😀', '👩‍👧', '\ud800');
    const text = fc.oneof(
      fc.array(fc.constantFrom(...Array.from('abc €')), { maxLength: 700 }).map((all) => all.join('')),
      fc.array(characters, { maxLength: 400 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (each) => segmentsOf(each).segments === billedBy(each)),
      { numRuns: 500 },
    );
  });
});
