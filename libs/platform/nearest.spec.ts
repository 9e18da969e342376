import { didYouMean, nearest } from './nearest.js';

describe('a guess at what was meant', () => {
  const kinds = ['assess', 'choose', 'offer', 'await', 'branch', 'wait', 'exit'];

  it.each([
    ['offr', 'offer'],
    ['Choose', 'choose'],
    ['brnach', 'branch'],
    ['awiat', 'await'],
    ['exits', 'exit'],
  ])('%s is likely %s', (word, meant) => expect(nearest(word, kinds)).toBe(meant));

  it('never guesses a distant word', () => {
    expect(nearest('teleport', kinds)).toBeUndefined();
    expect(didYouMean('teleport', kinds)).toBe('');
    expect(didYouMean('offr', kinds)).toBe('; did you mean offer?');
  });
});
