import { projectFile } from '../platform/project-file.js';
import { parseScoreDeclaration, readScoreDeclaration } from './declaration.js';
import { Problem } from '../platform/problem.js';

const valid = `
score: churn
title: Likelihood of leaving
target: churned_before
horizon_days: 30
l2: 1
features:
  tenure: { type: number }
`;

describe('a score declaration', () => {
  it('is valid in the file of the project', async () => {
    const declared = await readScoreDeclaration(projectFile('config', 'scores', 'churn.yaml'));
    expect(declared.target).toBe('churned_before');
    expect(Object.keys(declared.features)).not.toContain('churned_before');
  });

  it('has a default for the number of knots', () => {
    expect(parseScoreDeclaration(valid).features['tenure']).toEqual({ type: 'number', knots: 5, logarithm: false });
  });

  it('is refused if the target is a feature', () => {
    expect(() => parseScoreDeclaration(valid.replace('tenure:', 'churned_before:'))).toThrow(/features: must not hold the target/);
  });

  it.each([
    ['an unknown kind', valid.replace('churn', 'luck'), 'score'],
    ['an unknown type', valid.replace('number', 'colour'), 'features.tenure.type'],
    ['an unknown setting', `${valid}mood: good\n`, 'mood'],
  ])('names the place of %s', (_, yaml, where) => {
    let problem: unknown;
    try {
      parseScoreDeclaration(yaml);
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(Problem);
    expect((problem as Problem).places.map((place) => place.where)).toEqual([where]);
  });
});
