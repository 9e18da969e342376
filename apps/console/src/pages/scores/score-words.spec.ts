import type { ScoreKind } from '../../api/types.js';
import { driftWord, outcomeOf, trustSentences, versionWord } from './score-words.js';

const metrics = { auc: 0.842, logLoss: 0.41, brier: 0.13, ece: 0.012, trainedOn: 5000, validatedOn: 1200 };
const kind: ScoreKind = {
  kind: 'churn',
  title: 'Likelihood of leaving',
  range: { least: 0, most: 1 },
  versions: 1,
  champion: { version: 1, trainedAt: '2026-03-02T12:00:00Z', promotedAt: null, metrics, auc: null },
  challenger: null,
  sweep: null,
  drift: null,
};
const drift = (state: 'steady' | 'moving' | 'moved', feature = 'tenure') => ({
  at: '2026-03-02T12:00:00Z',
  customers: 900,
  state,
  moved: [{ feature, title: 'Months with us', index: 0.3 }],
});

it('says how well it ranks and how far it is off', () => {
  const interval = { value: 0.842, low: 0.821, high: 0.863 };
  expect(trustSentences(kind, { auc: interval })).toBe(
    'Of two customers of whom one left, it ranks that one higher in 84% of cases (between 82% and 86%, 95% sure). ' +
      'What it says is off by 1.2 points on average, on customers that it did not learn from. ' +
      'Whether customers are still like those that it learnt from is known after a sweep of most of them.',
  );
});

it.each([
  [drift('steady'), 'Steady', 'still like those'],
  [drift('moving'), 'Moving', 'begun to differ from those that it learnt from, most of all in “Months with us”'],
  [drift('moved', 'score'), 'Moved away', 'most of all in the score itself: train it again'],
])('names what drifted (%#)', (drifted, word, sentence) => {
  expect(driftWord({ drift: drifted }).text).toBe(word);
  expect(trustSentences({ ...kind, drift: drifted }, undefined)).toContain(sentence);
});

it('says first of a version that it missed a gate', () => {
  expect(versionWord({ state: 'candidate', refusedFor: ['its AUC is low'] }).text).toBe('Missed a gate');
  expect(versionWord({ state: 'challenger', refusedFor: [] }).text).toBe('In shadow');
});

it('has words for what happened, also of kinds that it does not know', () => {
  expect([outcomeOf('churn'), outcomeOf('of-an-installation')]).toEqual(['left', 'had it happen']);
});
