import fc from 'fast-check';
import { Liquid } from 'liquidjs';
import { withDirectValues } from './liquid-values.js';

describe('plain values in a template', () => {
  const strict = { strictVariables: true, strictFilters: true, ownPropertyOnly: true };
  const engines = [new Liquid(strict), new Liquid({ ...strict, outputEscape: 'escape' })] as const;
  const texts = fc.string({ unit: fc.constantFrom('&', '<', '"', "'", '{{', 'a', ' ', '\n', 'ß', '😀') });
  const values = fc.record({
    customer: fc.record({ name: texts }),
    offer: fc.record({ title: texts, price: fc.integer(), none: fc.constant(null) }),
  });
  const parts = fc.constantFrom(
    '{{ customer.name }}',
    '{{customer.name}}',
    ' {{- offer.title -}} ',
    '{{ offer.title | upcase }}',
    '{{ offer.title.size }}',
    '{{ offer.price }}',
    '{{ offer.none }}',
    '{{ offer.absent }}',
    '{{ customer.constructor.name }}',
    '{{ customer }}',
    '{{ "a.b" }}',
    "{% if customer.name == '' %}nobody{% else %}{{ customer.name }}{% endif %}",
    "{% assign customer = 'hidden' %}",
    '{% capture offer %}{{ customer.name }}{% endcapture %}',
    '{% for offer in (1..2) %}{{ offer.title }}{% endfor %}',
    'words & <b>\n',
  );

  it('are read as Liquid reads them, and fail if it fails', () => {
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 5 }), values, fc.constantFrom(0, 1), (written, given, markup) => {
        const engine = engines[markup === 1 ? 1 : 0];
        const template = engine.parse(written.join(''));
        expect(outcome(() => engine.renderSync(withDirectValues(template, markup === 1), given))).toEqual(
          outcome(() => engine.renderSync(template, given)),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});

function outcome(render: () => unknown): unknown {
  try {
    return render();
  } catch (error) {
    return String(error);
  }
}
