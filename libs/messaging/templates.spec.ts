import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { projectFile } from '../platform/project-file.js';
import { loadTemplates, type TemplateSource, type TemplateVariables } from './templates.js';

const variables: TemplateVariables = {
  company: { name: 'Example & Sons', address: '1 Example Street' },
  customer: { name: 'Ada' },
  offer: { title: '12 EUR off <b>', expires: '5 March', voucher: 'CODE-1' },
  links: { accept: 'https://x.test/o/1', unsubscribe: 'https://x.test/u/1' },
};

const good: TemplateSource = {
  subject: 'Hello {{ customer.name }}',
  html: '<p>{{ customer.name }} {{ offer.title }} {{ links.accept }} {{ links.unsubscribe }} {{ company.name }} {{ company.address }}</p>',
  text: '{{ offer.title }} {{ links.accept }} {{ links.unsubscribe }} {{ company.name }} {{ company.address }}',
  sms: '{{ company.name }} {{ links.accept }} STOP to end',
};

describe('templates', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'templates-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  const write = (file: string, source: Partial<Record<keyof TemplateSource, string>>): void => {
    mkdirSync(join(dir, file, '..'), { recursive: true });
    writeFileSync(join(dir, file), stringify(source));
  };

  it('that ship are complete, in four languages', () => {
    const templates = loadTemplates(projectFile('config', 'templates'));
    expect(templates.keys).toEqual(expect.arrayContaining(['save-offer', 'save-reminder']));
    for (const key of templates.keys) {
      const subjects = ['en', 'de-AT', 'fr', 'es-MX'].map((locale) => templates.email(key, locale, variables).subject);
      expect(new Set(subjects).size).toBe(4);
      for (const locale of ['en', 'de', 'fr', 'es']) {
        expect(templates.sms(key, locale, variables)).toMatch(/https:\/\/x\.test\/o\/1.*YES.*NO.*STOP/);
        const { html, text } = templates.email(key, locale, variables);
        for (const body of [html, text]) {
          expect(body).toContain(variables.links.accept);
          expect(body).toContain(variables.links.unsubscribe);
          expect(body).toContain('1 Example Street');
          expect(body).toContain('Ada');
        }
      }
    }
    expect(templates.sms('save-offer', 'en', variables)).toContain('Reply YES to accept, NO to decline, STOP to end');
  });

  it('fall back to the language and then to English', () => {
    write('hello/en.yaml', good);
    write('hello/de.yaml', { ...good, subject: 'Hallo {{ customer.name }}' });
    const templates = loadTemplates(dir);
    expect(templates.email('hello', 'de-CH', variables).subject).toBe('Hallo Ada');
    expect(templates.email('hello', 'pt-BR', variables).subject).toBe('Hello Ada');
    expect(() => templates.email('bye', 'en', variables)).toThrow('no template bye');
  });

  it('escape values in markup only, and never render a value as a template', () => {
    write('hello/en.yaml', good);
    const mean = { ...variables, customer: { name: '{{ company.address }}<script>\r\nBcc: x' } };
    const { html, subject } = loadTemplates(dir).email('hello', 'en', mean);
    expect(html).toContain('{{ company.address }}&lt;script&gt;');
    expect(html).toContain('12 EUR off &lt;b&gt;');
    expect(subject).toBe('Hello {{ company.address }}<script> Bcc: x');
  });

  it('refuse to load where something is missing, and say all of it', () => {
    write('hello/en.yaml', {
      ...good,
      html: good.html.replace('{{ links.unsubscribe }}', ''),
      sms: '{{ company.name }} {{ links.accept }}',
    });
    write('hello/de.yaml', { ...good, text: good.text.replace('{{ company.address }}', '{{ company.adress }}') });
    write('bye/de.yaml', good);
    write('broken/en.yaml', { ...good, subject: '{% if %}' });
    const load = (): unknown => loadTemplates(dir);
    expect(load).toThrow('hello/en.yaml html: {{ links.unsubscribe }} is missing');
    expect(load).toThrow('hello/en.yaml sms: does not say how to STOP');
    expect(load).toThrow('hello/de.yaml text: {{ company.adress }} does not exist');
    expect(load).toThrow('hello/de.yaml text: {{ company.address }} is missing');
    expect(load).toThrow('bye: has no en.yaml');
    expect(load).toThrow('broken/en.yaml');
  });

  it('cannot read files', () => {
    write('hello/en.yaml', { ...good, text: `${good.text}{% include '/etc/hostname' %}` });
    expect(() => loadTemplates(dir).email('hello', 'en', variables)).toThrow();
  });

  it('are stopped when they run away', () => {
    write('hello/en.yaml', { ...good, text: `${good.text}{% for i in (1..100000000) %}x{% endfor %}` });
    expect(() => loadTemplates(dir).email('hello', 'en', variables)).toThrow(/limit/);
  });
});
