import { Problem } from '../../../../libs/platform/problem.js';

/** The fields of a form with their values, each value once, in the order of arrival. */
export class Form {
  constructor(readonly fields: ReadonlyMap<string, readonly string[]>) {}

  /** The value of an important field; undefined if it is missing. @throws Problem invalid if it occurs with two different values */
  get(name: string): string | undefined {
    const [value, other] = this.fields.get(name) ?? [];
    if (other !== undefined) throw new Problem('invalid', 'The form is not valid', [{ where: name, what: 'has two values' }]);
    return value;
  }

  names(): string[] {
    return [...this.fields.keys()];
  }
}

/**
 * Reads a form sent as application/x-www-form-urlencoded.
 * @throws Problem invalid if it is not UTF-8
 */
export function parseForm(body: Buffer): Form {
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(decode(body))) {
    const values = fields.get(name) ?? [];
    if (values.length === 0) fields.set(name, values);
    if (!values.includes(value)) values.push(value);
  }
  return new Form(fields);
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Problem('invalid', 'The form is not in UTF-8');
  }
}
