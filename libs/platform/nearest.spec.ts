import { didYouMean, nearest } from './nearest.js';

describe('guessing what was meant', () => {
  const kinds = ['assess', 'choose', 'offer', 'await', 'branch', 'wait', 'exit'];

  it.each([
    ['offr', 'offer'],
    ['Choose', 'choose'],
    ['brnach', 'branch'],
    ['awiat', 'await'],
    ['exits', 'exit'],
  ])('%s is likely %s', (word, meant) => expect(nearest(word, kinds)).toBe(meant));

  it('guesses nothing that is far away', () => {
    expect(nearest('teleport', kinds)).toBeUndefined();
    expect(didYouMean('teleport', kinds)).toBe('');
    expect(didYouMean('offr', kinds)).toBe('; did you mean offer?');
  });
});
