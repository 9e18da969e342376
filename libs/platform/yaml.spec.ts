import { Problem } from './problem.js';
import { readYaml } from './yaml.js';

describe('a YAML text that a person wrote', () => {
  const tens = (name: string): string => `[${Array.from({ length: 10 }, () => name).join(', ')}]`;

  it.each([
    ['title: "never closed', 'line 1', /^Missing closing "quote/],
    ['title: Fine\ntext: *Sale', 'line 2', /^\*Sale refers to a part of the file, and none has this name; put the whole text into quotes$/],
    [`a: &a ${tens('1')}\nb: &b ${tens('*a')}\nc: ${tens('*b')}`, 'the file', /^refers to its own parts too often$/],
    ['title: "a\\u0000"', 'title', /^contains the control character U\+0000$/],
  ])('is refused with its place: %j', (yaml, where, what) => {
    const read = (): unknown => readYaml(yaml, 'The treatment');
    expect(read).toThrow(Problem);
    expect(read).toThrow(
      expect.objectContaining({ kind: 'invalid', places: [{ where, what: expect.stringMatching(what) as string }] }) as Error,
    );
  });

  it('may refer to its own parts', () => {
    expect(readYaml('a: &part [1]\nb: *part', 'The treatment')).toEqual({ a: [1], b: [1] });
  });
});
