import fc from 'fast-check';
import {
  attributeName,
  attributeValue,
  linesOfText,
  oneLine,
  lineOfText,
  plainNumber,
  shortened,
  unfitIn,
  whyUnfit,
  withoutUnfit,
} from './bounds.js';
import { harmless, toCsv } from './csv.js';

describe('texts that come in', () => {
  it.each([
    [' Ann  Example ', 'Ann Example'],
    ['Ann\r\n=cmd', 'Ann =cmd'],
    ['Ann\u2028Bob', 'Ann Bob'],
    ['\u202eevil\u202c', 'evil'],
    ['Zo\u00eb', 'Zo\u00eb'],
    ['👩\u200d👩\u200d👧', '👩\u200d👩\u200d👧'],
  ])('stand on one line: %j', (given, line) => {
    expect(lineOfText().parse(given)).toBe(line);
  });

  it.each(['', '   ', '\u200e', 'A\u0000', 'A\u0007', '\ud800', 'A'.repeat(201), ' '.repeat(10_000)])('are refused: %j', (given) => {
    expect(lineOfText().safeParse(given).success).toBe(false);
  });

  it('can be stored and shown, whatever was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (given) => {
        const { data } = lineOfText().safeParse(given);
        expect(data === undefined || (whyUnfit(data) === undefined && !/[\r\n\t\u202e]/.test(data) && data.length <= 200)).toBe(true);
        expect(oneLine(oneLine(given))).toBe(oneLine(given));
      }),
    );
  });

  it.each([
    ['a\0', 'contains the control character U+0000'],
    ['a\u0007b', 'contains the control character U+0007'],
    ['\u007f', 'contains the control character U+007F'],
    ['\u009b31m', 'contains the control character U+009B'],
    ['\ud800', 'contains half a character (an unpaired surrogate)'],
    ['two\tcells\r\nand lines', undefined],
    ['Zo\u00eb 👩\u200d👩\u200d👧', undefined],
  ])('hold no control character and no half of one: %j', (text, why) => {
    expect(whyUnfit(text)).toBe(why);
    expect(whyUnfit(withoutUnfit(text))).toBeUndefined();
    expect(linesOfText(100).safeParse(text).error?.issues[0]?.message).toBe(why);
    expect(unfitIn({ data: [{ note: text }] })).toEqual(why === undefined ? [] : [{ path: ['data', 0, 'note'], what: why }]);
    expect(unfitIn({ data: [{ [text]: 1 }] })).toEqual(why === undefined ? [] : [{ path: ['data', 0], what: `has a name that ${why}` }]);
  });

  it('are shortened between words, and never within a character', () => {
    expect(shortened('Ann Example', 20)).toBe('Ann Example');
    expect(shortened('Ann Example of Somewhere', 15)).toBe('Ann Example…');
    expect(shortened('👩'.repeat(50), 10).isWellFormed()).toBe(true);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => expect(shortened(text, 40).length).toBeLessThanOrEqual(40)),
    );
  });
});

describe('keys and values of attributes', () => {
  it.each(['constructor', '__proto__', 'prototype_of'.repeat(9), 'hasOwnProperty', 'toString', 'A', 'a b', ''])('%s is no key', (key) => {
    expect(attributeName.safeParse(key).success).toBe(false);
  });

  it.each([Number.NaN, Infinity, 1e400, 2 ** 53, -(2 ** 53), '1'])('%p is no number', (value) => {
    expect(plainNumber.safeParse(value).success).toBe(false);
  });

  it.each([{}, [], 'x'.repeat(2_001), 'a\u0000', 'a\u0007', '\udc00', undefined])('%j is no value', (value) => {
    expect(attributeValue.safeParse(value).success).toBe(false);
  });
});

describe('a cell of an export', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['Ann\n=cmd|calc', 'Ann =cmd|calc'],
    ['x;=1+1', "x;'=1+1"],
    ['x;\t@SUM(A1)', "x;' @SUM(A1)"],
    ['x";=1+1', `x";'=1+1`],
    ['a|+1', "a|'+1"],
    ['\u200b=1', "'\u200b=1"],
    ['＝1', "'＝1"],
    ['Ann - Bob', 'Ann - Bob'],
    ['2026-01-01', '2026-01-01'],
  ])('is no formula, wherever a program thinks that it begins: %j', (text, safe) => {
    expect(harmless(text)).toBe(safe);
  });

  it('stands on one line', async () => {
    const csv = toCsv(['name', 'n']);
    csv.write({ name: 'Ann\r\n=cmd;=2\u2028x', n: -5 });
    csv.end();
    let text = '';
    for await (const piece of csv) text += String(piece);
    expect(text).toBe("name,n\r\nAnn =cmd;'=2 x,-5\r\n");
  });
});
