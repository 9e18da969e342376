import fc from 'fast-check';
import { parseScoreDeclaration } from '../declaration.js';
import { declareScore, type Draft } from './declare-score.js';
import { columnsOfRows, type Looks, type SampleColumn } from './sample.js';
import { writeDeclaration } from './write-declaration.js';

const column = (name: string, cells: readonly (string | number)[], looks?: Looks): SampleColumn => {
  const texts = cells.map(String);
  return { column: name, name: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'), cells: texts, looks: looks ?? guessed(texts) };
};
function guessed(cells: readonly string[]): Looks {
  const known = cells.filter((cell) => cell !== '');
  if (known.every((cell) => /^-?\d+(\.\d+)?$/.test(cell))) return { kind: 'number', valueOf: Number };
  if (known.every((cell) => /^(yes|no)$/.test(cell))) return { kind: 'yes-no', words: { yes: true, no: false }, blank: undefined };
  return { kind: 'category' };
}
/** `count` cells, each from its row's number. */
const rows = <Cell>(count: number, of: (row: number) => Cell): Cell[] => Array.from({ length: count }, (_, row) => of(row));

const churn = column(
  'Churn',
  rows(120, (row) => (row % 4 === 0 ? 'yes' : 'no')),
);
const age = column(
  'Age',
  rows(120, (row) => 20 + ((row * 7) % 60)),
);
const reasonFor = (draft: Draft, name: string): string => draft.findings.find((each) => each.column === name)?.reason ?? 'no such column';
const featureFor = (draft: Draft, name: string) => draft.findings.find((each) => each.column === name)?.feature;

describe('the target of a declaration', () => {
  const of = (...columns: readonly SampleColumn[]) => declareScore([age, ...columns]).target;

  it('is a column of yes and no that says who left, before any other', () => {
    const partner = column(
      'Partner',
      rows(120, (row) => (row % 3 === 0 ? 'yes' : 'no')),
    );
    expect(of(churn, partner)).toMatchObject({
      column: 'Churn',
      score: 'churn',
      happened: ['yes'],
      otherwise: ['no'],
      isGuess: false,
      others: [],
    });
    expect(of(column('Exited', churn.cells), churn)).toMatchObject({ column: 'Churn', others: ['Exited'] });
  });

  it.each([
    ['Default', 'bad_debt'],
    ['default.payment.next.month', 'bad_debt'],
    ['Zahlungsausfall', 'bad_debt'],
    ['upgraded', 'upsell'],
    ['cross_sell', 'crosssell'],
    ['Gekündigt', 'churn'],
    ['Attrition', 'churn'],
    ['Target', 'churn'],
  ] as const)('has the kind of score that its name "%s" says', (name, score) => {
    expect(of(column(name, churn.cells))).toMatchObject({ column: name, score, isGuess: false });
  });

  it('is turned round where the name says who stayed', () => {
    expect(of(column('Retained', churn.cells))).toMatchObject({ happened: ['no'], otherwise: ['yes'] });
  });

  it('is a column of states of which one says who left', () => {
    const states = column(
      'Customer Status',
      rows(120, (row) => ['Stayed', 'Joined', 'Churned', 'Stayed'][row % 4] ?? ''),
    );
    expect(of(states)).toMatchObject({ happened: ['Churned'], otherwise: ['Joined', 'Stayed'] });
    const flag = column(
      'Attrition_Flag',
      rows(120, (row) => (row % 6 === 0 ? 'Attrited Customer' : 'Existing Customer')),
    );
    expect(of(flag)).toMatchObject({ column: 'Attrition_Flag', happened: ['Attrited Customer'] });
  });

  it('is what a customer was worth, where that is all there is', () => {
    const draft = declareScore([age, column('CLTV', age.cells)]);
    expect(draft.target).toMatchObject({ column: 'CLTV', score: 'clv', happened: undefined });
    expect(draft.counts).toBeUndefined();
    expect(featureFor(draft, 'Age')).toBeDefined();
  });

  it('is guessed where names say nothing, and a warning says so', () => {
    const draft = declareScore([age, column('Flag7', churn.cells)]);
    expect(draft.target).toMatchObject({ column: 'Flag7', isGuess: true });
    expect(draft.warnings.join()).toContain('only a guess');
    const several = [column('Partner', churn.cells), column('Paperless', churn.cells), age];
    expect(declareScore(several).target).toBeUndefined();
    expect(declareScore([...several.slice(0, 2)]).target?.column).toBe('Paperless');
  });

  it('is missing where there is none: the draft says what to do, and cannot be trained as it is', () => {
    const draft = declareScore([age]);
    expect(draft.warnings).toEqual([expect.stringContaining('No column says what happened')]);
    expect(() => parseScoreDeclaration(writeDeclaration(draft, 'x.csv'))).toThrow(/target/);
  });
});

describe('the features of a declaration', () => {
  it('are numbers, categories and flags, each with a reason', () => {
    const draft = declareScore([
      age,
      churn,
      column(
        'Contract',
        rows(120, (row) => ['monthly', 'yearly', 'two years'][row % 3] ?? ''),
      ),
      column(
        'Newsletter',
        rows(120, (row) => (row % 5 < 2 ? 'yes' : 'no')),
      ),
      column(
        'Revenue',
        rows(120, (row) => Math.round(1.08 ** row)),
      ),
      column(
        'Products',
        rows(120, (row) => 1 + (row % 3)),
      ),
    ]);
    expect(featureFor(draft, 'Age')).toEqual({ type: 'number' });
    expect(reasonFor(draft, 'Age')).toBe('whole numbers from 20 to 79');
    expect(featureFor(draft, 'Contract')).toEqual({ type: 'category' });
    expect(reasonFor(draft, 'Contract')).toBe('3 words: monthly, two years, yearly');
    expect(featureFor(draft, 'Newsletter')).toEqual({ type: 'flag' });
    expect(featureFor(draft, 'Revenue')).toEqual({ type: 'number', logarithm: true });
    expect(featureFor(draft, 'Products')).toEqual({ type: 'number', knots: 3 });
    expect(draft.warnings).toEqual([]);
  });

  const first = rows(120, (row) => row + 1);
  it.each<readonly [string, SampleColumn, RegExp]>([
    [
      'is empty',
      column(
        'Nothing',
        rows(120, () => ''),
      ),
      /empty/,
    ],
    [
      'is the same for all',
      column(
        'Country',
        rows(120, () => 'DE'),
      ),
      /same for all: DE/,
    ],
    ['identifies a customer', column('Id', first, { kind: 'identifier' }), /identifies/],
    ['counts the rows', column('Unnamed: 0', first), /counts the rows/],
    [
      'is a date',
      column(
        'Since',
        rows(120, () => '2024-01-31')
          .concat('2024-02-01')
          .slice(1),
        { kind: 'date' },
      ),
      /date/,
    ],
    [
      'is free text',
      column(
        'Notes',
        rows(120, (row) => `said ${row}`),
        { kind: 'text' },
      ),
      /free text/,
    ],
    [
      'is an address',
      column(
        'Mail',
        rows(120, (row) => `a${row}@example.com`),
        { kind: 'email' },
      ),
      /e-mail/,
    ],
    [
      'is a postcode',
      column(
        'Zip Code',
        rows(120, (row) => 90000 + (row % 50)),
      ),
      /code and no quantity/,
    ],
    [
      'is sensitive',
      column(
        'Gender',
        rows(120, (row) => (row % 2 === 0 ? 'F' : 'M')),
      ),
      /sensitive/,
    ],
    [
      'is known of few',
      column(
        'Rare',
        rows(120, (row) => (row < 5 ? 7 + row : '')),
      ),
      /fewer than 10/,
    ],
    [
      'has no value that customers share',
      column(
        'Street',
        rows(120, (row) => `Street ${row % 60}`),
      ),
      /no 10 customers share/,
    ],
    [
      'is the outcome in other words',
      column(
        'Status',
        rows(120, (row) => (row % 4 === 0 ? 'red' : 'green')),
      ),
      /same as the outcome/,
    ],
    [
      'is filled in only afterwards',
      column(
        'Final Letter',
        rows(120, (row) => (row % 4 === 0 ? 'sent' : '')),
      ),
      /filled in only for those/,
    ],
    [
      'is about the outcome by its name',
      column(
        'Churn Score',
        rows(120, (row) => (row * 37) % 100),
      ),
      /about the outcome/,
    ],
    ['says the same as another column', column('Years', age.cells), /same as Age/],
  ])('leave out what %s', (_what, each, why) => {
    const draft = declareScore([age, churn, each]);
    expect(featureFor(draft, each.column)).toBeUndefined();
    expect(reasonFor(draft, each.column)).toMatch(why);
    expect(featureFor(draft, 'Age')).toBeDefined();
  });

  it('keep numbers that only sound like an outcome', () => {
    const draft = declareScore([
      column(
        'closed_tickets',
        rows(120, (row) => row % 9),
      ),
      churn,
    ]);
    expect(featureFor(draft, 'closed_tickets')).toEqual({ type: 'number' });
  });
});

describe('a draft of few or one-sided rows', () => {
  const draftOf = (count: number, happened: number): Draft =>
    declareScore([
      column(
        'Age',
        rows(count, (row) => 20 + ((row * 7) % 60)),
      ),
      column(
        'Churn',
        rows(count, (row) => (row < happened ? 'yes' : 'no')),
      ),
    ]);

  it('says that nothing can be learnt of one outcome alone', () => {
    expect(draftOf(50, 0).warnings).toEqual([expect.stringContaining('happened to nobody')]);
    expect(draftOf(50, 50).warnings).toEqual([expect.stringContaining('happened to everybody')]);
  });

  it('says how few there are', () => {
    expect(draftOf(200, 5).warnings).toEqual([expect.stringContaining('happened to only 5 customers')]);
    expect(draftOf(12, 1).warnings).toEqual([expect.stringContaining('happened to only 1 customer:')]);
    expect(draftOf(0, 0).warnings.join()).toContain('No column');
  });

  it('says for how many the file does not know', () => {
    const some = column('Churn', ['yes', 'no', '', ...rows(117, (row) => (row % 2 === 0 ? 'yes' : 'no'))]);
    expect(declareScore([age, some]).warnings).toEqual([expect.stringContaining('For 1 of 120 customers')]);
  });
});

describe('a draft as YAML', () => {
  it('is a declaration that can be read, whatever the columns are called', () => {
    const title = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.uniqueArray(title, { minLength: 1, maxLength: 4 }), title, (names, of) => {
        const columns = names.map((name, index): SampleColumn => ({
          ...age,
          column: name,
          name: `column_${index}`,
          cells: age.cells.toSpliced(0, 1, String(index)),
        }));
        const yaml = writeDeclaration(declareScore([...columns, { ...churn, column: `${of} churn` }]), of);
        expect(parseScoreDeclaration(yaml).target).toBe('churned_before');
      }),
    );
  });

  it('can be made of customers who are here already', () => {
    const draft = declareScore(
      columnsOfRows(
        rows(60, (row) => ({
          churned_before: row % 3 === 0,
          tenure: row % 7 === 0 ? null : row % 40,
          plan: ['basic', 'fibre'][row % 2] ?? null,
          partner: row % 4 === 0,
          since: `2024-01-${10 + (row % 9)}`,
          code: `K${row}`,
        })),
      ),
    );
    const declared = parseScoreDeclaration(writeDeclaration(draft, 'the customers'));
    expect(declared).toMatchObject({
      score: 'churn',
      target: 'churned_before',
      features: { tenure: { type: 'number' }, plan: { type: 'category' }, partner: { type: 'flag' } },
    });
    expect(Object.keys(declared.features).sort()).toEqual(['partner', 'plan', 'tenure']);
  });
});
