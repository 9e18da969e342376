import { atMostEvery } from './at-most-every.js';

it('a repeated log line is written at once, and again only after a while', () => {
  let now = 1_000;
  const said: string[] = [];
  const say = atMostEvery(
    60,
    (text: string) => said.push(text),
    () => now,
  );
  for (const [at, text] of [
    [1_000, 'a'],
    [1_001, 'b'],
    [1_059, 'c'],
    [1_060, 'd'],
    [1_061, 'e'],
  ] as const) {
    now = at;
    say(text);
  }
  expect(said).toEqual(['a', 'd']);
});
