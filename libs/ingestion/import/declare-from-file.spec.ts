import { Readable } from 'node:stream';
import { projectFile } from '../../platform/project-file.js';
import { parseScoreDeclaration, type ScoreDeclaration } from '../../scoring/declaration.js';
import { writeDeclaration } from '../../scoring/declare/write-declaration.js';
import { declareFromFile } from './declare-from-file.js';
import { parseMapping } from './mapping.js';
import { proposeMapping } from './propose-mapping.js';

async function declare(text: string | Buffer): Promise<{ yaml: string; declared: ScoreDeclaration }> {
  const yaml = writeDeclaration(await declareFromFile({ stream: Readable.from([Buffer.from(text)]) }), 'mine.csv');
  return { yaml, declared: parseScoreDeclaration(yaml) };
}
const csv = (header: string, count: number, row: (index: number) => readonly (string | number)[], delimiter = ','): string =>
  [header, ...Array.from({ length: count }, (_, index) => row(index).join(delimiter)), ''].join('\n');

describe('a declaration from a file', () => {
  it('finds what the declaration of the telephone company has, except what only a person knows', async () => {
    const yaml = writeDeclaration(await declareFromFile({ path: projectFile('data', 'telco-churn.csv.gz') }), 'telco-churn.csv.gz');
    const declared = parseScoreDeclaration(yaml);
    expect(declared).toMatchObject({ score: 'churn', target: 'churned_before' });
    expect(declared.features).toMatchObject({
      tenure: { type: 'number' },
      monthly_charge: { type: 'number' },
      total_charges: { type: 'number', logarithm: true },
      contract: { type: 'category' },
      senior_citizen: { type: 'flag' },
    });
    expect(Object.keys(declared.features)).toHaveLength(18);
    expect(yaml).toContain('#   female: it is sensitive');
  });

  const bank = csv(
    'Kundennr;Kontostand;Kundengruppe;Kunde seit;Online-Banking;PLZ;Gebühren;Filiale;Kündigungsgrund;Gekündigt',
    60,
    (index) => [
      `K${1000 + index}`,
      `${index % 7}.${200 + index},${10 + index}`,
      ['Privat', 'Geschäft', 'Jugend'][index % 3] ?? '',
      `${13 + (index % 15)}.01.2019`,
      index % 2 === 0 ? 'ja' : 'nein',
      `0${1000 + (index % 3)}`,
      `${index % 11},50`,
      'Mitte',
      index % 5 === 0 ? 'Preis' : '',
      index % 5 === 0 ? 'ja' : 'nein',
    ],
    ';',
  );

  it('reads semicolons, decimal commas and German names', async () => {
    const { yaml, declared } = await declare(bank);
    expect(declared).toMatchObject({ score: 'churn', target: 'churned_before' });
    expect(declared.features).toMatchObject({
      kontostand: { type: 'number' },
      gebuehren: { type: 'number' },
      kundengruppe: { type: 'category' },
      online_banking: { type: 'flag' },
    });
    for (const column of ['Kundennr', 'Kunde seit', 'Filiale', 'Kündigungsgrund']) expect(yaml).toContain(`#   ${column}: `);
    expect(yaml).toContain('numbers from 0.5 to 10.5');
    expect(yaml).toContain("churned_before: { column: Gekündigt, values: { 'ja': true, 'nein': false } }");
  });

  it('calls every feature as the proposed mapping does', async () => {
    const { declared } = await declare(bank);
    const mapping = parseMapping(await proposeMapping({ stream: Readable.from([Buffer.from(bank)]) }));
    for (const name of [...Object.keys(declared.features), declared.target]) expect(Object.keys(mapping.attributes)).toContain(name);
  });

  it('finds who did not pay, in a file of credits', async () => {
    const { declared } = await declare(
      csv('ID,LIMIT_BAL,EDUCATION,BILL_AMT1,default.payment.next.month', 80, (index) => [
        index + 1,
        10_000 + index * 137,
        ['school', 'university'][index % 2] ?? '',
        (index * 7919) % 5000,
        index % 5 === 0 ? 1 : 0,
      ]),
    );
    expect(declared).toMatchObject({ score: 'bad_debt', target: 'default_payment_next_month' });
    expect(Object.keys(declared.features).sort()).toEqual(['bill_amt1', 'education', 'limit_bal']);
  });

  it('says how a column of states becomes the target', async () => {
    const { yaml, declared } = await declare(
      csv('CLIENTNUM,Attrition_Flag,Customer_Age,Card_Category', 60, (index) => [
        700_000 + index * 13,
        index % 6 === 0 ? 'Attrited Customer' : 'Existing Customer',
        26 + ((index * 7) % 40),
        index % 4 === 0 ? 'Silver' : 'Blue',
      ]),
    );
    expect(declared.target).toBe('churned_before');
    expect(yaml).toContain("churned_before: { column: Attrition_Flag, values: { 'Attrited Customer': true, 'Existing Customer': false } }");
    expect(Object.keys(declared.features)).not.toContain('attrition_flag');
  });

  it('drafts a file of twelve rows, and warns', async () => {
    const { yaml } = await declare(csv('nr,age,left', 12, (index) => [`A${index}`, 20 + index * 3, index === 3 ? 'yes' : 'no']));
    expect(yaml).toContain('# Look: It happened to only 1 customer: expect little of a score.');
  });
});
