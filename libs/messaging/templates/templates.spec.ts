import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Purpose } from '../../channels/purpose.js';
import { projectFile } from '../../platform/project-file.js';
import { CannotCompose } from '../../channels/contract/cannot-compose.js';
import { knownTemplates, textsFor } from './template-channels.js';
import { describeError } from '../../content/content-kind.js';
import { readDocuments } from '../../content/documents.js';
import type { TemplateVariables } from '../../channels/contract/template-variables.js';
import { checkTemplates, loadTemplates, type Templates } from './templates.js';
import { emailTemplate } from '../../channels/email/template.js';
import { smsTemplate } from '../../channels/sms/template.js';
import { whatsappTemplate } from '../../channels/whatsapp/template.js';

const variables: TemplateVariables = {
  company: { name: 'Example & Sons', address: '1 Example Street' },
  customer: { name: 'Ada', locale: 'en', timeZone: 'Europe/Berlin' },
  offer: { title: '12 EUR off <b>', expiresAt: new Date('2026-12-06T23:30:00Z'), voucher: 'CODE-1' },
  message: { purpose: 'marketing' },
  links: { accept: 'https://x.test/o/1', unsubscribe: 'https://x.test/u/1', preferences: 'https://x.test/p/1' },
  tracked: (name) => `https://x.test/l/${name}`,
};

const footer = '{{ company.name }} {{ company.address }} <a href="{{ links.unsubscribe }}">Leave</a>';
const mail = (body: string): string =>
  `<mjml>\n<mj-body>\n<mj-section><mj-column>\n<mj-text>${body}</mj-text>\n<mj-text>${footer}</mj-text>\n</mj-column></mj-section>\n</mj-body>\n</mjml>\n`;

const good = {
  subject: 'Hello {{ customer.name }}',
  mjml: mail('{{ customer.name }} {{ offer.title }} <a href="{{ links.accept }}">Accept</a>'),
  sms: '{{ company.name }} {{ links.accept }} STOP to end',
};

describe('templates', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'templates-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  const write = (file: string, source: Readonly<Record<string, unknown>>): void => {
    mkdirSync(join(dir, file, '..'), { recursive: true });
    writeFileSync(join(dir, file), stringify(source, { lineWidth: 0 }));
  };
  const load = (company?: string): Promise<Templates> => loadTemplates(dir, company);
  const errors = async (): Promise<string[]> => (await checkTemplates(await readDocuments(dir))).errors.map(describeError);

  it('of the project are complete, in four languages', async () => {
    const templates = await loadTemplates(projectFile('config', 'templates'));
    expect(templates.keys).toEqual(expect.arrayContaining(['save-offer', 'save-reminder']));
    for (const key of templates.keys) {
      const subjects = ['en', 'de-AT', 'fr', 'es-MX'].map((locale) => templates.render(emailTemplate, key, locale, variables).subject);
      expect(new Set(subjects).size).toBe(4);
      for (const locale of ['en', 'de', 'fr', 'es']) {
        expect(templates.render(smsTemplate, key, locale, variables)).toMatch(/https:\/\/x\.test\/o\/1.*YES.*NO.*STOP/);
        const { html, text } = templates.render(emailTemplate, key, locale, variables);
        for (const body of [html.join(''), text.join('')]) {
          for (const link of Object.values(variables.links)) expect(body).toContain(link);
          expect(body).toContain('1 Example Street');
          expect(body).toContain('Ada');
        }
        expect(html.join('')).toContain(`lang="${locale}"`);
      }
    }
    expect(templates.render(smsTemplate, 'save-offer', 'en', variables)).toContain('Reply YES to accept, NO to decline, STOP to end');
  });

  it('fall back to the language, then to the company’s own, then to English, with the reason', async () => {
    write('hello/en.yaml', good);
    write('hello/de.yaml', { ...good, subject: 'Hallo {{ customer.name }}' });
    const german = await load('de-DE');
    expect(german.render(emailTemplate, 'hello', 'de-CH', variables).subject).toBe('Hallo Ada');
    expect(german.render(emailTemplate, 'hello', 'pt-BR', variables).subject).toBe('Hallo Ada');
    expect(german.pick('hello', 'pt-BR')).toEqual({ locale: 'de', because: 'company' });
    const templates = await load();
    expect(templates.render(emailTemplate, 'hello', 'pt-BR', variables).subject).toBe('Hello Ada');
    expect(templates.pick('hello', 'de_CH')).toEqual({ locale: 'de', because: 'language' });
    expect(templates.pick('hello', 'en')).toEqual({ locale: 'en', because: 'exact' });
    expect(() => templates.render(emailTemplate, 'bye', 'en', variables)).toThrow('no template bye');
  });

  describe('that would show a missing value', () => {
    const nameless = { ...variables, customer: { ...variables.customer, name: '' } };
    const offerless = { ...variables, offer: { title: '', expiresAt: null, voucher: '' }, links: { ...variables.links, accept: '' } };
    const needs = async (body: string): Promise<string[]> => {
      write('hello/en.yaml', { ...good, sms: `{{ company.name }} ${body} {{ links.accept }} STOP to end` });
      return [...(await load()).needs('hello', 'en', 'sms')].map(([need, shown]) => `${need}: ${shown}`);
    };
    const accepting = 'offer: links.accept';
    it.each([
      ['{{ customer.name }}', ['customer.name: customer.name', accepting]],
      ['{{ customer.name | upcase }}', ['customer.name: customer.name', accepting]],
      ['{% assign who = customer.name | upcase %}{{ who }}', ['customer.name: who', accepting]],
      ['{% echo customer.name %}', ['customer.name: customer.name', accepting]],
      ['{% for n in (1..2) %}{{ customer.name }}{% endfor %}', ['customer.name: customer.name', accepting]],
      ["{{ customer.name | default: 'you' }}", [accepting]],
      ["{% if customer.name != '' %}{{ customer.name }}{% endif %}", [accepting]],
      ["{% unless customer.name == '' %}{{ customer.name }}{% else %}you{% endunless %}", [accepting]],
      ["{% case customer.name %}{% when '' %}you{% else %}{{ customer.name }}{% endcase %}", [accepting]],
      ['Your code: {{ offer.voucher }}', ['offer: offer.voucher']],
      ['{{ offer.title | append: "!" }}', ['offer: offer.title']],
    ])('state what they require: %s', async (body, expected) => expect(await needs(body)).toEqual(expected));

    it('are never rendered for customers without it, on any channel', async () => {
      write('hello/en.yaml', good);
      const templates = await load();
      for (const [given, value] of [
        [nameless, 'customer.name'],
        [offerless, 'offer.title'],
      ] as const)
        expect(() => templates.render(emailTemplate, 'hello', 'en', given)).toThrow(
          new CannotCompose('missing-value', `hello: {{ ${value} }} is empty here, and has nothing to fall back to`),
        );
      expect(() => templates.render(smsTemplate, 'hello', 'en', offerless)).toThrow(CannotCompose);
      expect(templates.render(smsTemplate, 'hello', 'en', nameless)).toContain('STOP to end');
    });

    it('are then planned on no channel, and campaign validation reports it', async () => {
      write('hello/en.yaml', { ...good, subject: 'Hello', mjml: mail("Hello {{ customer.name | default: 'you' }}") });
      write('hello/de.yaml', { ...good, subject: 'Hallo', mjml: mail('Hallo {{ customer.name }}') });
      const templates = await load();
      const texts = textsFor(templates);
      expect(texts('hello', 'en', { 'customer.name': false, offer: false })).toEqual(['email']);
      expect(texts('hello', 'de', { 'customer.name': false, offer: true })).toEqual(['sms']);
      expect(texts('hello', 'de', { 'customer.name': true, offer: true })).toEqual(['email', 'sms']);
      const { needsOf } = knownTemplates(templates, 'en');
      expect([...needsOf('hello').keys()].sort()).toEqual(['customer.name', 'offer']);
      expect([...needsOf('hello', 'email').keys()]).toEqual(['customer.name']);
    });
  });

  it.each([
    ['en', 'agreed to hear from us', 'you are our customer'],
    ['de', 'zugestimmt haben', 'unser Kunde'],
    ['fr', 'avez accepté', 'notre client'],
    ['es', 'aceptó recibir', 'cliente nuestro'],
  ])('of the project explain in the footer why they were sent, by purpose: %s', async (locale, agreed, isCustomer) => {
    const templates = await loadTemplates(projectFile('config', 'templates'));
    for (const key of templates.keys) {
      const footer = (purpose: Purpose): string => {
        const { html, text } = templates.render(emailTemplate, key, locale, { ...variables, message: { purpose } });
        return `${html.join('')}\n${text.join('')}`;
      };
      expect(footer('marketing')).toContain(agreed);
      expect(footer('marketing')).not.toContain(isCustomer);
      expect(footer('service')).toContain(isCustomer);
      expect(footer('service')).not.toContain(agreed);
      for (const link of ['unsubscribe', 'preferences'] as const) expect(footer('service')).toContain(variables.links[link]);
    }
  });

  it('are refused if only messages of one purpose show how to unsubscribe', async () => {
    write('hello/en.yaml', { ...good, mjml: mail(`{% if message.purpose == 'marketing' %}`).replace('Leave</a>', 'Leave</a>{% endif %}') });
    expect(await errors()).toContainEqual(expect.stringContaining('{{ links.unsubscribe }} is missing'));
  });

  it.each([
    ['de-CH', 'en', 'December 7'],
    ['en-GB', 'en', '7 December'],
    ['en_US', 'en', 'December 7'],
    ['fr-CA', 'de', '7. Dezember'],
    ['no locale!', 'de', '7. Dezember'],
    ['es-MX', 'es', '7 de diciembre'],
  ])('write dates in the language of the text, whatever the customer’s locale: %s, in %s', async (locale, language, day) => {
    const says = '{{ offer.expires }}';
    const links = '{{ links.accept }}';
    const mine = {
      ...good,
      subject: says,
      mjml: mail(`${says} ${links}`),
      sms: `{{ company.name }} ${says} ${links} STOP`,
      whatsapp: { text: `{{ company.name }} ${says} ${links} STOP`, content: { sid: `HX${'0'.repeat(32)}`, variables: { '1': says } } },
    };
    write('hello/en.yaml', mine);
    if (language !== 'en') write(`hello/${language}.yaml`, mine);
    const templates = await load(language);
    const its = { ...variables, customer: { ...variables.customer, locale } };
    const { subject, html, text } = templates.render(emailTemplate, 'hello', locale, its);
    const whatsapp = templates.render(whatsappTemplate, 'hello', locale, its);
    expect(subject).toBe(day);
    for (const written of [
      html.join(''),
      text.join(''),
      templates.render(smsTemplate, 'hello', locale, its),
      whatsapp?.text,
      whatsapp?.content.variables['1'],
    ]) {
      expect(written).toContain(day);
    }
  });

  it('make the text part from the MJML: no markup, unchanged Liquid, links as "text: address"', async () => {
    write('hello/en.yaml', {
      ...good,
      mjml: mail('{% if customer.name != "" %}Dear {{ customer.name }},{% endif %}<br />a &amp; b <a href="{{ links.accept }}">Yes</a>'),
    });
    const { text } = (await load()).render(emailTemplate, 'hello', 'en', {
      ...variables,
      customer: { ...variables.customer, name: 'Ada & <Bo>' },
    });
    expect(text.join('')).toContain('Dear Ada & <Bo>,\na & b Yes: https://x.test/o/1');
    expect(text.join('')).toContain('Leave: https://x.test/u/1');
    expect(text.join('')).not.toMatch(/<(table|div|a)|&amp;|\{/);
  });

  it('escape values in markup only, and never render a value as a template', async () => {
    write('hello/en.yaml', good);
    const mean = { ...variables, customer: { ...variables.customer, name: '{{ 7 | times: 6 }}<script>\r\nBcc: x' } };
    const { html, subject, text } = (await load()).render(emailTemplate, 'hello', 'en', mean);
    expect(html.join('')).toContain('{{ 7 | times: 6 }}&lt;script&gt;');
    expect(html.join('')).toContain('12 EUR off &lt;b&gt;');
    expect(subject).toBe('Hello {{ 7 | times: 6 }}<script> Bcc: x');
    expect(text.join('')).toContain('{{ 7 | times: 6 }}');
  });

  it('know for each locale the channels that they have a text for', async () => {
    const whatsapp = { text: '{{ company.name }}: STOP to end', content: { sid: `HX${'0'.repeat(32)}` } };
    write('hello/en.yaml', good);
    write('hello/de.yaml', { ...good, whatsapp });
    const templates = await load();
    expect(templates.channels('hello', 'en')).toEqual(['email', 'sms']);
    expect(templates.channels('hello', 'de-AT')).toEqual(['email', 'sms', 'whatsapp']);
    expect(templates.channels('hello', 'fr')).toEqual(['email', 'sms']);
    expect(textsFor(templates)('hello', 'de')).toEqual(['email', 'sms', 'whatsapp']);
    expect(textsFor(templates)('bye', 'en')).toBeNull();
    expect(knownTemplates(templates, 'en').textsOf('hello')).toEqual(['email', 'sms']);
  });

  it('send declared links through the company’s own, tracked address', async () => {
    write('hello/en.yaml', { ...good, sms: `${good.sms} {{ links.terms }}`, links: { terms: 'https://example.com/terms?a=1' } });
    const templates = await load();
    expect(templates.render(smsTemplate, 'hello', 'en', variables)).toContain('https://x.test/l/terms');
    expect(templates.link('hello', 'fr', 'terms')).toBe('https://example.com/terms?a=1');
    for (const name of ['constructor', '__proto__', 'other', '']) expect(templates.link('hello', 'en', name)).toBeUndefined();
    expect(templates.link('bye', 'en', 'terms')).toBeUndefined();
  });

  describe('refuse, naming file, line and field:', () => {
    const cases: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, string | RegExp]>> = {
      'a variable that does not exist': [{ subject: '{{ customer.nam }}' }, 'hello/en.yaml:1 subject: {{ customer.nam }} does not exist'],
      'one in the middle of the mail': [{ mjml: mail('x\n\n{{ offer.price }}') }, 'hello/en.yaml:8 mjml: {{ offer.price }} does not exist'],
      'Liquid that cannot be read': [{ subject: '{% if %}' }, /^hello\/en\.yaml:1 subject: /],
      'a file that Liquid would read': [{ sms: `${good.sms}{% include '/etc/hostname' %}` }, /^hello\/en\.yaml:\d+ sms: /],
      'a missing unsubscribe': [
        { mjml: good.mjml.replace('{{ links.unsubscribe }}', '#') },
        /mjml: \{\{ links\.unsubscribe \}\} is missing/,
      ],
      'an unsubscribe link that only some customers see': [
        {
          mjml: good.mjml
            .replace('{{ customer.name }}', "{{ customer.name | default: 'you' }}")
            .replace(footer, `{% if customer.name != '' %}${footer}{% endif %}`),
        },
        /mjml: \{\{ links\.unsubscribe \}\} is missing/,
      ],
      'a missing postal address': [{ mjml: good.mjml.replace('{{ company.address }}', '') }, /mjml: \{\{ company\.address \}\} is missing/],
      'a missing company name': [{ sms: '{{ links.accept }} STOP' }, /sms: \{\{ company\.name \}\} is missing/],
      'a missing address in a text of its own': [
        { text: '{{ company.name }} {{ links.unsubscribe }}' },
        /text: \{\{ company\.address \}\} is missing/,
      ],
      'a text message without STOP': [{ sms: '{{ company.name }}{% comment %}STOP{% endcomment %}' }, /sms: does not say STOP/],
      'a link over http': [
        { mjml: mail('<a href="http://example.com/x">x</a>') },
        'hello/en.yaml:6 mjml: http://example.com/x is not https',
      ],
      'an image over http': [
        { mjml: good.mjml.replace('<mj-text>', '<mj-image src="http://example.com/x.png" alt="" /><mj-text>') },
        /x\.png is not https/,
      ],
      'a link that is not declared': [{ sms: `${good.sms} {{ links.terms }}` }, /sms: \{\{ links\.terms \}\} is not declared under links/],
      'an address directly in the mail': [
        { mjml: mail("<a href='https://example.com/x'>x</a>") },
        /mjml: https:\/\/example\.com\/x is not declared/,
      ],
      'an address directly in a text': [{ sms: `${good.sms} https://example.com` }, /sms: https:\/\/example\.com is not declared/],
      'a script as a link': [{ mjml: mail('<a href="javascript:alert(1)">x</a>') }, /javascript:alert\(1\) is not declared/],
      'a declared link over http': [{ links: { terms: 'http://example.com/' } }, /links\.terms: is not an https address/],
      'a declared link that is a built-in one': [
        { links: { accept: 'https://example.com/' } },
        /is the name of a link that every message has/,
      ],
      'a tag that does not exist': [
        { mjml: mail('x').replace('<mj-section>', '<mj-sektion>').replace('</mj-section>', '</mj-sektion>') },
        /^hello\/en\.yaml:5 mjml: <mj-sektion>: /,
      ],
      'a tag that is not closed': [
        { mjml: good.mjml.replace('</mj-column>', '') },
        'hello/en.yaml:8 mjml: </mj-section> closes a tag that is not open',
      ],
      'a field that nobody reads': [{ smss: 'x' }, 'hello/en.yaml:12 smss: is not known here; did you mean sms?'],
      'a file that MJML would include': [
        { mjml: good.mjml.replace('<mj-column>', '<mj-column>\n<mj-include path="/etc/hostname" />') },
        'hello/en.yaml:6 mjml: <mj-include>: other files are not included: write its content here',
      ],
      'a script': [
        { mjml: good.mjml.replace('</mj-body>', '<mj-raw><script>alert(1)</script></mj-raw></mj-body>') },
        /mjml: <script>: a mail cannot have scripts/,
      ],
      'a subject with an escape of U+0000': [{ subject: 'Hello\0' }, 'hello/en.yaml:1: contains the control character U+0000'],
      'a text with an escape of half a character': [{ sms: `${good.sms}\ud800` }, /^hello\/en\.yaml:\d+: contains half a character/],
      'a subject of two lines': [{ subject: 'Hello\r\nBcc: all' }, 'hello/en.yaml:1 subject: holds a line break or a control character'],
      'a body without a layout to put it into': [{ mjml: '<mj-text>x</mj-text>' }, /there is no _layout\.yaml/],
    };
    it.each(Object.entries(cases))('%s', async (_, [change, text]) => {
      write('hello/en.yaml', { ...good, ...change });
      await expect(errors()).resolves.toContainEqual(typeof text === 'string' ? text : expect.stringMatching(text));
      await expect(load()).rejects.toThrow('The templates are not complete');
    });

    it('report nothing if nothing is wrong', async () => {
      write('hello/en.yaml', good);
      await expect(errors()).resolves.toEqual([]);
    });

    it('an offer that cannot be accepted', async () => {
      write('hello/en.yaml', { ...good, sms: '{{ company.name }} {{ offer.title }} STOP' });
      await expect(errors()).resolves.toEqual(['hello/en.yaml:11 sms: {{ links.accept }} is missing, though it speaks of an offer']);
    });

    it('a locale without a part that the fallback has, and a template without a fallback', async () => {
      write('hello/en.yaml', {
        ...good,
        text: `${footer} {{ links.accept }}`.replace(/<[^>]*>/g, '{{ links.unsubscribe }}'),
        links: { terms: 'https://example.com/' },
      });
      write('hello/de.yaml', good);
      write('bye/de.yaml', good);
      await expect(errors()).resolves.toEqual([
        'bye: has no en.yaml to fall back to',
        'hello/de.yaml text: is missing, and en.yaml has it',
        'hello/de.yaml links.terms: is missing, and en.yaml has it',
      ]);
    });

    it('a word that the layout lacks in a language', async () => {
      writeFileSync(
        join(dir, '_layout.yaml'),
        stringify({
          mjml: `${mail('[[ body ]]').replace('<mj-text>[[ body ]]</mj-text>', '[[ body ]]')}<!-- [[ bye ]] -->`,
          words: { en: {} },
        }),
      );
      write('hello/en.yaml', { ...good, mjml: '<mj-text>{{ offer.title }} <a href="{{ links.accept }}">x</a></mj-text>' });
      await expect(errors()).resolves.toEqual([expect.stringContaining('_layout.yaml has no bye in en')]);
    });
  });
});

describe('a template that loops a hundred million times', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'templates-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  const nested = Array.from({ length: 8 }, (_, depth) => `{% for v${String(depth)} in a %}`).join('') + '{% endfor %}'.repeat(8);
  const doubling = (body: string): string => `{% assign s = 'xxxxxxxxxx' %}{% for i in (1..60) %}${body}{% endfor %}{{ s }}`;
  /** The name of the customer decides how often: the template alone does not show it. */
  const count = '{% assign n = customer.name | plus: 0 %}';
  const loops: Readonly<Record<string, string>> = {
    'over a range': `${count}{% for i in (1..n) %}x{% endfor %}`,
    'in a table': `${count}{% tablerow i in (1..n) cols:2 %}x{% endtablerow %}`,
    'nested over a list': `{% if customer.name == '100000000' %}{% assign a = '0,1,2,3,4,5,6,7,8,9' | split: ',' %}${nested}{% endif %}`,
    'doubling a text': `{% if customer.name == '100000000' %}${doubling('{% assign s = s | append: s %}')}{% endif %}`,
    'doubling a captured text': `{% if customer.name == '100000000' %}${doubling('{% capture s %}{{ s }}{{ s }}{% endcapture %}')}{% endif %}`,
    'multiplying by replacing': `{% if customer.name == '100000000' %}${doubling("{% assign s = s | replace: 'x', 'xxxxxxxxxx' %}")}{% endif %}`,
    'padding a date': `{% if customer.name == '100000000' %}{{ 'now' | date: '%999999999d' }}{% endif %}`,
  };
  const write = (loop: string): void => {
    mkdirSync(join(dir, 'hello'), { recursive: true });
    writeFileSync(join(dir, 'hello', 'en.yaml'), stringify({ ...good, sms: `${good.sms} ${loop}` }, { lineWidth: 0 }));
  };

  it.each(Object.entries(loops))('%s fails in milliseconds, and the process lives', async (_, loop) => {
    write(loop);
    const templates = await loadTemplates(dir);
    const before = process.memoryUsage().rss;
    // Microseconds of processor time, so that other work on the machine does not count.
    const start = process.cpuUsage();
    expect(() =>
      templates.render(smsTemplate, 'hello', 'en', { ...variables, customer: { ...variables.customer, name: '100000000' } }),
    ).toThrow(/limit|longer|length/);
    expect(process.cpuUsage(start).user).toBeLessThan(3e6);
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
    expect(templates.render(smsTemplate, 'hello', 'en', variables)).toContain('STOP to end');
  });

  it.each(['{% for i in (1..100000000) %}x{% endfor %}', '{% for i in (1..9999) %}{% for j in (1..9999) %}x{% endfor %}{% endfor %}'])(
    'independent of the customer, is not even loaded: %s',
    async (loop) => {
      write(loop);
      await expect(loadTemplates(dir)).rejects.toThrow(/hello\/en\.yaml:\d+ sms: .*limit/);
    },
  );
});
