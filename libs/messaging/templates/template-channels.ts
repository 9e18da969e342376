import type { Channel } from '../../channels/table.js';
import type { Need } from '../../channels/contract/template-variables.js';
import type { Templates } from './templates.js';

/** What is known about the recipient of a message. */
export type Has = Readonly<Record<Need, boolean>>;

/**
 * The channels that a template has a text for, in the file for a customer of this locale; with `has`, only those on which it can be
 * composed with these values. Null if there is no such template.
 */
export type TextsFor = (template: string, locale: string, has?: Has) => readonly Channel[] | null;

/**
 * What planning needs from the templates: the channels for which a template has a text in this locale; with `has`, only those on which the
 * text can be composed with these values.
 */
export function textsFor(templates: Templates): TextsFor {
  return (template, locale, has) => {
    if (!templates.keys.includes(template)) return null;
    const texts = templates.channels(template, locale);
    if (has === undefined) return texts;
    return texts.filter((channel) => [...templates.needs(template, locale, channel).keys()].every((need) => has[need]));
  };
}

/** The templates that a definition may name, and their properties. */
export interface KnownTemplates {
  readonly templates: readonly string[];
  /** The channels on which a template has a text for every customer. */
  readonly textsOf: (template: string) => readonly Channel[];
  /** What a template requires, in any language: on one channel, or on any of its channels. With the name of the variable. */
  readonly needsOf: (template: string, on?: Channel) => ReadonlyMap<Need, string>;
}

/** @param company the company's own locale: every other file has all parts of its file */
export function knownTemplates(templates: Templates, company: string): KnownTemplates {
  return {
    // Read again each time: the files may have changed.
    get templates() {
      return templates.keys;
    },
    textsOf: (template) => templates.channels(template, company),
    needsOf: (template, on) =>
      new Map(
        templates
          .locales(template)
          .flatMap((locale) => templates.channels(template, locale).map((channel) => ({ locale, channel })))
          .filter(({ channel }) => on === undefined || channel === on)
          .flatMap(({ locale, channel }) => [...templates.needs(template, locale, channel)]),
      ),
  };
}
