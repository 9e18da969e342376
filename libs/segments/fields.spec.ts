import type { ContentError } from '../content/content-kind.js';
import { describeError } from '../content/content-kind.js';
import { attributesContent } from './attributes-content.js';
import { knownFields } from './fields.js';

async function errorsOf(yaml: string): Promise<string> {
  const errors: ContentError[] = [];
  await attributesContent.compile(new Map([['attributes.yaml', yaml]]), {}, (error) => errors.push(error));
  return errors.map(describeError).join('\n');
}

describe('the fields of rules', () => {
  it('are columns, declared attributes and scores, each once and each described', () => {
    const names = knownFields().map((field) => `${field.of}.${field.name}`);
    expect(names).toEqual(expect.arrayContaining(['customer.status', 'customer.contract', 'score.churn']));
    expect(new Set(names).size).toBe(names.length);
    expect(knownFields().filter((field) => field.description === '')).toEqual([]);
  });

  it('leave out the outcome, which would give a model or a rule the answer', () => {
    expect(knownFields().map((field) => field.name)).not.toContain('churned_before');
  });

  it('refuse an attribute with the name of a column, and an invalid name or type', async () => {
    expect(await errorsOf('attributes: { plan: { type: string, description: x } }')).toContain('attributes.plan: is a column');
    expect(await errorsOf(`attributes: { "a'b": { type: string, description: x } }`)).toContain('snake_case');
    expect(await errorsOf('attributes:\n  age: { type: date, description: x }')).toMatch(/^attributes\.yaml:2 attributes\.age\.type: /);
    expect(await errorsOf('attributes: { age: { type: number, description: x } }')).toBe('');
  });
});
