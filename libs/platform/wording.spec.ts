import { findPhrase, findPhrases, plainText } from './wording.js';

const finds = (phrase: string, text: string): boolean => findPhrase([phrase])(plainText(text, 1_000)) !== undefined;

describe('a phrase', () => {
  it.each([
    ['user unknown', 'User UNKNOWN!'],
    ['user .. unknown', '550 5.1.1 user <anna@b.test> is\n  unknown here'],
    ['mailbox @ is full', 'The mailbox anna@b.test is full'],
    ['exce*', 'exceeded'],
    ['nicht im buro', 'nicht im Büro'],
    ["n'existe pas", 'l’adresse n’existe pas'],
    ['pa barsel', 'på barsel'],
    ['laengere ansat', 'længere ansat'],
    ['存在しません', 'このアドレスは存在しません。'],
    ['filter test', 'see https://filter.test/users/unknown'],
  ])('%j is found in %j', (phrase, text) => {
    expect(finds(phrase, text)).toBe(true);
  });

  it.each([
    ['full', 'fully'],
    ['user .. unknown', 'user one two three four five six seven eight nine unknown'],
    ['unknown', 'https://filter.test/unknown'],
  ])('%j is not found in %j', (phrase, text) => {
    expect(finds(phrase, text)).toBe(false);
  });

  it('is found once, whatever other phrases are there', () => {
    expect(findPhrases(['one', 'two', 'three'])(plainText('three, one. One', 100))).toEqual(['one', 'three']);
  });
});
