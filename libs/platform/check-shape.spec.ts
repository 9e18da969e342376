import fc from 'fast-check';
import { z } from 'zod';
import { checkShape, placesOf, type CheckOptions } from './check-shape.js';
import { attributeName, attributeValue } from './bounds.js';

/** Each place and what is said of it, as a person reads it. */
const said = (schema: z.ZodType, value: unknown, options?: CheckOptions): string[] =>
  placesOf(checkShape(schema, value, options).wrong ?? [], 'the body').map(({ where, what }) => `${where}: ${what}`);

type Row = readonly [schema: z.ZodType, value: unknown, ...said: string[]];
const at = (schema: z.ZodType) => z.strictObject({ x: schema });
const day = (text: string) => new Date(`2026-03-0${text}T00:00:00Z`);
const named = z.strictObject({ documents: z.record(z.string(), z.string()), note: z.string().optional() });
const back = z.strictObject({ rollback: z.int().min(1), note: z.string().optional() });
const forms = z.union([named, back]);
const tagged = z.discriminatedUnion('type', [z.object({ type: z.literal('number') }), z.object({ type: z.literal('flag') })]);

/** Every code of an issue that this version of zod has: one that is missing here is a compile error. */
const codes: Readonly<Record<z.core.$ZodIssueCode, readonly Row[]>> = {
  invalid_type: [
    [z.string(), 1, 'x: must be a text'],
    [z.number(), '1', 'x: must be a number; write 1'],
    [z.number(), '0,6', 'x: must be a number; write 0.6'],
    [z.number(), '60%', 'x: must be a number; write 0.6'],
    [z.number(), '1,000', 'x: must be a number'],
    [z.number(), '12.000 %', 'x: must be a number'],
    [z.int(), '1.000', 'x: must be a whole number'],
    [z.number(), '1,0000', 'x: must be a number; write 1'],
    [z.number(), '0,125', 'x: must be a number; write 0.125'],
    [z.number(), 'many', 'x: must be a number'],
    [z.number(), Infinity, 'x: must be a number'],
    [z.coerce.number().int(), 'ten', 'x: must be a whole number'],
    [z.int(), 1.5, 'x: must be a whole number'],
    [z.int(), '1', 'x: must be a whole number; write 1'],
    [z.int(), '1.5', 'x: must be a whole number'],
    [z.number().int(), null, 'x: must be a whole number'],
    [z.bigint(), 1, 'x: must be a whole number'],
    [z.boolean(), 'yes', 'x: must be true or false'],
    [z.date(), '2026-03-02', 'x: must be a date'],
    [z.array(z.string()), {}, 'x: must be a list'],
    [z.array(z.string()), 'a, b', 'x: must be a list; write [a, b]'],
    [z.tuple([z.string()]), {}, 'x: must be a list'],
    [z.set(z.string()), [], 'x: must be a list'],
    [z.object({}), [], 'x: must be a JSON object'],
    [z.record(z.string(), z.string()), 'a', 'x: must be a JSON object'],
    [z.map(z.string(), z.string()), {}, 'x: must be a JSON object'],
    [z.null(), 0, 'x: must be null'],
    [z.undefined(), 0, 'x: must be left out'],
    [z.never(), 0, 'x: must be left out'],
    [z.nan(), 0, 'x: must be no number'],
    [z.file(), 'a', 'x: must be a file'],
    [z.symbol(), 'a', 'x: must be a symbol'],
    [z.string(), undefined, 'x: is missing'],
    [z.int(), undefined, 'x: is missing'],
    [z.string().optional().nonoptional(), undefined, 'x: is missing'],
  ],
  invalid_value: [
    [z.enum(['marketing', 'service']), 'servce', 'x: must be one of marketing, service; did you mean service?'],
    [z.enum(['marketing', 'service']), 7, 'x: must be one of marketing, service'],
    [z.enum(['marketing', 'service']), undefined, 'x: is missing'],
    [z.literal(true), 'yes', 'x: must be true'],
    [z.literal(['a', null]), 'b', 'x: must be one of a, null; did you mean a?'],
  ],
  too_small: [
    [z.string().min(1), '', 'x: must not be empty'],
    [z.string().min(32), 'short', 'x: must have at least 32 characters'],
    [z.string().length(2), 'a', 'x: must have exactly 2 characters'],
    [z.array(z.int()).min(1), [], 'x: must not be empty'],
    [z.array(z.int()).min(2), [1], 'x: must have at least 2 items'],
    [z.set(z.int()).min(2), new Set([1]), 'x: must have at least 2 items'],
    [z.map(z.int(), z.int()).min(2), new Map([[1, 1]]), 'x: must have at least 2 entries'],
    [z.file().min(2), new File(['a'], 'a'), 'x: must have at least 2 bytes'],
    [z.number().min(0), -1, 'x: must be at least 0'],
    [z.number().positive(), 0, 'x: must be above 0'],
    [z.bigint().min(2n), 1n, 'x: must be at least 2'],
    [z.date().min(day('2')), day('1'), 'x: must not be before 2026-03-02T00:00:00.000Z'],
  ],
  too_big: [
    [z.string().max(1), 'ab', 'x: must have at most 1 character'],
    [z.string().length(2), 'abc', 'x: must have exactly 2 characters'],
    [z.array(z.int()).max(2), [1, 2, 3], 'x: must have at most 2 items'],
    [z.set(z.int()).max(1), new Set([1, 2]), 'x: must have at most 1 item'],
    [z.number().max(5), 6, 'x: must be at most 5'],
    [z.number().lt(5), 5, 'x: must be below 5'],
    [z.int(), 2 ** 53, 'x: must be at most 9007199254740991'],
    [z.date().max(day('1')), day('2'), 'x: must not be after 2026-03-01T00:00:00.000Z'],
  ],
  invalid_format: [
    [z.email(), 'ada', 'x: must be an e-mail address, as in ada@example.com'],
    [z.url(), 'ada', 'x: must be a web address, as in https://example.com'],
    [z.uuid(), 'ada', 'x: must be a UUID, as in 01995a3e-7c00-7000-8000-000000000001'],
    [z.iso.datetime({ offset: true }), 'today', 'x: must be an instant in ISO 8601, as in 2026-03-02T12:00:00Z'],
    [z.iso.date(), 'today', 'x: must be a day in ISO 8601, as in 2026-03-02'],
    [z.e164(), '030', 'x: must be a phone number, as in +4930123456'],
    [z.string().startsWith('HX'), 'ada', 'x: must begin with HX'],
    [z.string().endsWith('HX'), 'ada', 'x: must end with HX'],
    [z.string().includes('{row}'), 'ada', 'x: must contain {row}'],
    [z.string().lowercase(), 'ADA', 'x: must be in small letters'],
    [z.string().regex(/^a+$/), 'b', 'x: must match /^a+$/'],
    [z.string().regex(/^a+$/, 'is not a cry'), 'b', 'x: is not a cry'],
    [z.stringFormat('postcode', /^\d{5}$/), 'b', 'x: must be a valid postcode'],
  ],
  not_multiple_of: [[z.number().multipleOf(5), 7, 'x: must be a multiple of 5']],
  unrecognized_keys: [
    [named, { documents: {}, nte: 'a' }, 'x.nte: is not known here; did you mean note?'],
    [
      named,
      { documents: {}, zzzzzz: 1, yyyyyy: 2 },
      'x.zzzzzz: is not known here; known are documents, note',
      'x.yyyyyy: is not known here; known are documents, note',
    ],
  ],
  invalid_union: [
    [forms, { documents: { a: 1 } }, 'x.documents.a: must be a text'],
    // More is wrong with it than with the other form, but it has this one's fields.
    [forms, { documents: { a: 1, b: 2, c: 3 } }, ...['a', 'b', 'c'].map((name) => `x.documents.${name}: must be a text`)],
    [forms, { rollback: '1' }, 'x.rollback: must be a whole number; write 1'],
    [forms, {}, 'x: needs documents, or rollback'],
    [forms, { note: 'why' }, 'x: needs documents, or rollback'],
    [forms, { documents: {}, rollback: 1 }, 'x.rollback: is not known here; known are documents, note'],
    [forms, [], 'x: must be a JSON object'],
    [forms, undefined, 'x: is missing'],
    [z.union([z.string(), z.int(), z.boolean(), z.null()]), {}, 'x: must be a text, a whole number, true or false or null'],
    [z.union([z.string(), z.number()], 'must be said'), {}, 'x: must be said'],
    [z.union([z.object({ a: z.literal(1), b: z.int() }), z.object({ a: z.literal(2), c: z.int() })]), { a: 2 }, 'x.c: is missing'],
    [z.xor([z.object({ a: z.int() }), z.object({ b: z.int() })]), { a: 1, b: 1 }, 'x: fits several forms at once'],
    [tagged, { type: 'nummer' }, 'x.type: must be one of number, flag; did you mean number?'],
    [tagged, {}, 'x.type: is missing; one of number, flag'],
  ],
  invalid_key: [
    [z.record(attributeName, z.int()), { Foo: 1 }, 'x.Foo: its name must be in snake_case: small letters, digits and _, a letter first'],
    [z.record(attributeName, z.int()), { ['a'.repeat(64)]: 1 }, `x.${'a'.repeat(64)}: its name must have at most 63 characters`],
    [z.record(attributeName, z.int()), { constructor: 1 }, 'x.constructor: cannot be used as a name'],
  ],
  invalid_element: [[z.map(z.object({}), z.int()), new Map([[{}, 'b']]), 'x: must be a whole number']],
  custom: [
    [z.string().refine((text) => text === 'a', 'is not a'), 'b', 'x: is not a'],
    [z.custom<string>(() => false), 'b', 'x: is not valid'],
  ],
};

describe('what is wrong with a value', () => {
  const rows = Object.entries(codes).flatMap(([code, of]) => of.map((row, index) => ({ code, row, name: `${code} ${String(index + 1)}` })));

  it.each(rows)('is said in plain words: $name', ({ code, row: [schema, value, ...expected] }) => {
    expect(said(at(schema), { x: value })).toEqual(expected);
    // The table says of which code a row is: zod itself has to agree.
    const raised = JSON.stringify(at(schema).safeParse({ x: value }).error?.issues, (_key, each: unknown) =>
      typeof each === 'bigint' ? String(each) : each,
    );
    expect(raised).toContain(`"code":"${code}"`);
  });

  // Where the types of one form alone fit, zod itself takes it for the one that was meant.
  it.each<readonly [z.ZodType, unknown, string]>([
    [forms, { rollback: 0, note: 'why' }, 'x.rollback: must be at least 1'],
    [z.union([z.string().max(2), z.number()]), 'abc', 'x: must have at most 2 characters'],
    [z.union([z.literal('all'), z.uuid()]), 'al', 'x: must be a UUID, as in 01995a3e-7c00-7000-8000-000000000001'],
  ])('of a union is what is wrong with the form that was meant: %#', (schema, value, expected) => {
    expect(said(at(schema), { x: value })).toEqual([expected]);
  });

  it.each([null, 1, 'x', []].map((value) => [value]))('names the whole where all of it is %j', (value) => {
    expect(said(named, value)).toEqual(['the body: must be a JSON object']);
  });

  it('speaks of YAML to whoever wrote YAML, and shows how the whole is written', () => {
    expect(said(at(named), { x: 1 }, { written: 'yaml' })).toEqual(['x: must be a mapping']);
    expect(said(named, 'save', { written: 'yaml', example: 'send: { … }' })).toEqual([
      'the body: must be a mapping; write it as in send: { … }',
    ]);
    expect(said(named, undefined, { example: 'send: { … }' })).toEqual(['the body: is empty; write it as in send: { … }']);
  });

  it('is never said in the words of zod, whatever was given', () => {
    const schema = at(z.union([forms, tagged, attributeValue, z.array(z.enum(['a', 'b']))]));
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const text of said(schema, { x: value })) expect(text).not.toMatch(/Invalid|expected|received|Unrecognized|Too (big|small)/);
      }),
    );
  });

  it('is said in time, however much is wrong', () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`unknown_field_${String(index)}`, 1]));
    const started = performance.now();
    expect(said(named, { documents: {}, ...many })).toHaveLength(20_000);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
