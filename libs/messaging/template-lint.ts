import type { TemplateSource } from './templates.js';

/** What is wrong with a template, and in which file. */
export interface TemplateFault {
  readonly where: string;
  readonly what: string;
}

/** What templates may use (see `TemplateVariables`) ... */
const known = [
  'company.name',
  'company.address',
  'customer.name',
  'offer.title',
  'offer.expires',
  'offer.voucher',
  'links.accept',
  'links.unsubscribe',
];

/** ... and what each part must: who writes, from where, and how to be left alone (CAN-SPAM, CASL), and how to accept. */
const required: Readonly<Record<keyof TemplateSource, readonly string[]>> = {
  subject: [],
  html: ['links.unsubscribe', 'company.name', 'company.address', 'links.accept'],
  text: ['links.unsubscribe', 'company.name', 'company.address', 'links.accept'],
  sms: ['company.name', 'links.accept'],
};

/** @param variablesOf the dotted names that a Liquid text reads from outside; throws where it cannot be parsed */
export function lintTemplate(source: TemplateSource, where: string, variablesOf: (text: string) => readonly string[]): TemplateFault[] {
  const faults = (Object.keys(required) as (keyof TemplateSource)[]).flatMap((part) => {
    const used = variablesOf(source[part]);
    return [
      ...used.filter((name) => !known.includes(name)).map((name) => ({ where: `${where} ${part}`, what: `{{ ${name} }} does not exist` })),
      ...required[part]
        .filter((name) => !used.includes(name))
        .map((name) => ({ where: `${where} ${part}`, what: `{{ ${name} }} is missing` })),
    ];
  });
  return source.sms.includes('STOP') ? faults : [...faults, { where: `${where} sms`, what: 'does not say how to STOP' }];
}
