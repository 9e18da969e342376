/** The fields of the preference centre's form as a browser would send them back. */
export function fieldsOf(page: string): Map<string, string> {
  const form = /<form class="choices"[\s\S]*?<\/form>/.exec(page)?.[0] ?? '';
  const fields = new Map<string, string>([['do', 'save']]);
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const attribute = (name: string): string => new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1] ?? '';
    if (attribute('type') === 'hidden' || /\schecked/.test(input))
      fields.set(attribute('name'), attribute('value').replaceAll('&quot;', '"'));
  }
  for (const [, name = '', options = ''] of form.matchAll(/<select[^>]* name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g)) {
    const chosen = /value="([^"]*)"[^>]* selected/.exec(options) ?? /value="([^"]*)"/.exec(options);
    fields.set(name, chosen?.[1] ?? '');
  }
  return fields;
}
