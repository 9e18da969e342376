import { channels, type Channel } from '../../customers/contact-point.entity.js';
import type { Templates } from './templates.js';

/**
 * What planning asks of the templates: the channels that one has a text for, for a customer of this locale. Of a template
 * that is not there, every channel is taken to be: the dispatcher then raises the alert, which planning cannot.
 */
export function textsFor(templates: Templates): (template: string, locale: string) => readonly Channel[] {
  return (template, locale) => (templates.keys.includes(template) ? templates.channels(template, locale) : channels);
}

/** The templates that a definition may name, and the channels on which each of them can speak to every customer. */
export interface KnownTemplates {
  readonly templates: readonly string[];
  readonly textsOf: (template: string) => readonly Channel[];
}

/** @param company the company's own locale: what its file has, every other has */
export function knownTemplates(templates: Templates, company: string): KnownTemplates {
  return {
    // Asked for anew each time: the files may have changed.
    get templates() {
      return templates.keys;
    },
    textsOf: (template) => templates.channels(template, company),
  };
}
