import fc from 'fast-check';
import { differenceOf } from './text-difference.js';

describe('the difference between a text and the previous one', () => {
  it('shows removed, added and unchanged lines', () => {
    expect(differenceOf('a\nb\nc\n', 'a\nx\nc\nd\n')).toBe('  a\n- b\n+ x\n  c\n+ d');
    expect(differenceOf('a\n', 'a\n')).toBe('  a');
  });

  it('transforms one text into the other', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = differenceOf(before, after).split('\n');
        const without = (sign: string): string =>
          lines
            .filter((line) => !line.startsWith(sign))
            .map((line) => line.slice(2))
            .join('\n');
        expect([without('+'), without('-')]).toEqual([before, after]);
      }),
    );
  });

  it('is found in long texts too', () => {
    const long = Array.from({ length: 3_000 }, (_, index) => String(index)).join('\n');
    expect(differenceOf(long, `${long}\nx`).split('\n')).toHaveLength(6_001);
  });
});
