import { Problem } from '../../../../libs/platform/problem.js';

/**
 * Reads a form sent as application/x-www-form-urlencoded.
 * @throws Problem invalid where it is not UTF-8 or names a field twice
 */
export function parseForm(body: Buffer): ReadonlyMap<string, string> {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(decode(body))) {
    if (form.has(name))
      throw new Problem('invalid', 'The form is not valid', [{ where: name.slice(0, 40), what: 'is there more than once' }]);
    form.set(name, value);
  }
  return form;
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Problem('invalid', 'The form is not in UTF-8');
  }
}
