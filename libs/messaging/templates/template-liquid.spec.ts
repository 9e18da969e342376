import { readFileSync } from 'node:fs';
import { parseLiquid } from './template-liquid.js';

const render = (source: string, values: object, asMarkup = false): string => parseLiquid(source, asMarkup).render(values).join('');

describe('a Liquid text', () => {
  it('escapes a value in markup exactly once, after any filter, and nowhere else', () => {
    const values = { offer: { title: '<b> & co' } };
    for (const source of ['{{ offer.title }}', '{{ offer.title | downcase }}', '{% assign t = offer.title %}{{ t }}']) {
      expect([source, render(source, values, true)]).toEqual([source, '&lt;b&gt; &amp; co']);
      expect([source, render(source, values)]).toEqual([source, '<b> & co']);
    }
  });

  it.each(['render', 'include', 'layout'])('reads no file by %s', (tag) => {
    expect(readFileSync('package.json', 'utf8')).toContain('perennial');
    for (const path of ['package.json', './package.json', '/etc/passwd', '../etc/passwd']) {
      expect(() => render(`{% ${tag} '${path}' %}`, {})).toThrow(/ENOENT/);
      expect(() => render(`{% ${tag} offer.title %}`, { offer: { title: path } })).toThrow(/ENOENT/);
    }
  });

  it.each(['customer.constructor.name', 'customer.name.constructor', 'customer.toString', 'customer["__proto__"]'])(
    'has only the values that were passed in: %s',
    (path) => {
      for (const source of [`{{ ${path} }}`, `{{ ${path} | upcase }}`])
        expect(() => render(source, { customer: { name: 'Ada' } })).toThrow('undefined variable');
    },
  );
});
