import { fitting } from './fitting.js';
import type { TemplateVariables } from '../contract/template-variables.js';

const variables = (name: string, title: string): TemplateVariables => ({
  company: { name: 'Example', address: 'Street 1' },
  customer: { name, locale: 'en', timeZone: null },
  offer: { title, expiresAt: new Date('2026-03-05T12:00:00Z'), voucher: 'ABC' },
  message: { purpose: 'marketing' },
  links: { accept: 'https://example.com/o/x', unsubscribe: '', preferences: '' },
  tracked: () => '',
});
const text = (fixed: number) => (values: TemplateVariables) =>
  `${values.customer.name} ${values.offer.title} ${'x'.repeat(fixed)} Reply STOP`;

describe('a text message within the limit of its provider', () => {
  it('is not changed if it fits', () => {
    expect(fitting(text(100), variables('Ann', 'Discount'))).toBe(`Ann Discount ${'x'.repeat(100)} Reply STOP`);
  });

  it('has its names shortened if it does not fit, and still says how to stop', () => {
    const said = fitting(text(1_450), variables('Ann '.repeat(500), 'Discount '.repeat(40)));
    expect(said.length).toBeLessThanOrEqual(1_600);
    expect(said).toMatch(/^Ann Ann .*… Discount .*… x+ Reply STOP$/);
  });

  it('is not composed if the template alone is too long', () => {
    expect(() => fitting(text(1_600), variables('Ann', 'Discount'))).toThrow(/its provider takes 1600/);
  });
});
