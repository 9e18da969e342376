import { knownFields, readFields } from './fields.js';

describe('the fields of rules', () => {
  it('are columns, declared attributes and scores, each once and each described', () => {
    const names = knownFields().map((field) => `${field.of}.${field.name}`);
    expect(names).toEqual(expect.arrayContaining(['customer.status', 'customer.contract', 'score.churn']));
    expect(new Set(names).size).toBe(names.length);
    expect(knownFields().filter((field) => field.description === '')).toEqual([]);
  });

  it('leave out what happened, which would tell a model or a rule the answer', () => {
    expect(knownFields().map((field) => field.name)).not.toContain('left_before');
  });

  it('refuse an attribute that a column is already called, and a name that is none', () => {
    expect(() => readFields('attributes: { plan: { type: string, description: x } }')).toThrow('plan is a column');
    expect(() => readFields(`attributes: { "a'b": { type: string, description: x } }`)).toThrow('snake_case');
    expect(() => readFields('attributes: { age: { type: date, description: x } }')).toThrow();
  });
});
