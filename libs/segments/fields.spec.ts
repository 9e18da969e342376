import type { ContentFault } from '../content/content-kind.js';
import { describeFault } from '../content/content-kind.js';
import { attributesContent } from './attributes-content.js';
import { knownFields } from './fields.js';

async function faultsOf(yaml: string): Promise<string> {
  const faults: ContentFault[] = [];
  await attributesContent.compile(new Map([['attributes.yaml', yaml]]), {}, (fault) => faults.push(fault));
  return faults.map(describeFault).join('\n');
}

describe('the fields of rules', () => {
  it('are columns, declared attributes and scores, each once and each described', () => {
    const names = knownFields().map((field) => `${field.of}.${field.name}`);
    expect(names).toEqual(expect.arrayContaining(['customer.status', 'customer.contract', 'score.churn']));
    expect(new Set(names).size).toBe(names.length);
    expect(knownFields().filter((field) => field.description === '')).toEqual([]);
  });

  it('leave out what happened, which would give a model or a rule the answer', () => {
    expect(knownFields().map((field) => field.name)).not.toContain('churned_before');
  });

  it('refuse an attribute that a column is already called, and a name or type that is none', async () => {
    expect(await faultsOf('attributes: { plan: { type: string, description: x } }')).toContain('attributes.plan: is a column');
    expect(await faultsOf(`attributes: { "a'b": { type: string, description: x } }`)).toContain('snake_case');
    expect(await faultsOf('attributes:\n  age: { type: date, description: x }')).toMatch(/^attributes\.yaml:2 attributes\.age\.type: /);
    expect(await faultsOf('attributes: { age: { type: number, description: x } }')).toBe('');
  });
});
