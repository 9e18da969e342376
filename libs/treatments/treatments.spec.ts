import { createTestDatabase } from '../../test/harness/database.js';
import { treatment } from '../../test/harness/definitions.js';
import { testNow } from '../../test/harness/factories.js';
import { projectFile } from '../platform/project-file.js';
import type { Problem } from '../platform/problem.js';
import { listTreatments, loadTreatmentFiles, parseTreatment, saveTreatments } from './treatments.js';

const yaml = `
treatment: discount-15
title: 15% off for three months
kind: discount
eligible: customer.tenure >= 3
cost: { percentOfMonthlyCharge: 15, months: 3 }
validDays: 14
prior: { acceptance: 0.3, uplift: 0.2 }
`;

function placesOf(text: string): Problem['places'] {
  try {
    parseTreatment(text);
  } catch (error) {
    return (error as Problem).places;
  }
  throw new Error('It was accepted');
}

describe('parseTreatment', () => {
  it('reads a treatment', () => {
    expect(parseTreatment(yaml)).toEqual({
      treatment: 'discount-15',
      title: '15% off for three months',
      kind: 'discount',
      eligible: 'customer.tenure >= 3',
      cost: { percentOfMonthlyCharge: 15, months: 3 },
      validDays: 14,
      prior: { acceptance: 0.3, uplift: 0.2 },
    });
  });

  it.each([
    ['validDays: 14', 'validDays: 0', 'validDays'],
    ['acceptance: 0.3', 'acceptance: 1.3', 'prior.acceptance'],
    ['discount-15', 'Discount 15', 'treatment'],
    ['customer.tenure >= 3', 'customer.tenure >=', 'eligible 1:19'],
    ['customer.tenure', 'customer.shoe_size', 'eligible 1:1'],
    ['kind: discount', 'kind: [', 'line 5'],
  ])('%s as %s is wrong at %s', (right, wrong, where) => {
    expect(placesOf(yaml.replace(right, wrong)).map((place) => place.where)).toContain(where);
  });

  it.each(['{ fixed: 12 }', '{ fixed: 12 euros }', '{ fixed: 12 EUR, months: 3 }', '{ percentOfMonthlyCharge: 15 }'])(
    'refuses the cost %s',
    (cost) => {
      expect(placesOf(yaml.replace('{ percentOfMonthlyCharge: 15, months: 3 }', cost))[0]?.where).toMatch(/^cost/);
    },
  );

  it('refuses a key that it does not know, and reports every place at once', () => {
    expect(placesOf(`${yaml}colour: red\n`.replace('validDays: 14', 'validDays: many'))).toHaveLength(2);
  });
});

it('stores treatments, replaces them by name, and lists them', async () => {
  const db = await createTestDatabase();
  try {
    const em = db.orm.em.fork();
    await saveTreatments(em, [treatment({ treatment: 'b' }), treatment({ treatment: 'a' })], testNow);
    await saveTreatments(em, [treatment({ treatment: 'b', validDays: 3 })], testNow);
    expect(await listTreatments(em)).toEqual([treatment({ treatment: 'a' }), treatment({ treatment: 'b', validDays: 3 })]);
  } finally {
    await db.close();
  }
});

it('every treatment of the project is valid', async () => {
  const shipped = await loadTreatmentFiles(projectFile('config', 'treatments'));
  expect(shipped.map((each) => each.treatment)).toEqual(expect.arrayContaining(['bill-credit-10', 'discount-15', 'free-upgrade']));
});
