import type { Channel } from '../../channels/table.js';
import type { Need } from '../../channels/contract/template-variables.js';
import type { Templates } from './templates.js';

/** What is known of whom a message goes to. */
export type Has = Readonly<Record<Need, boolean>>;

/**
 * The channels that a template has a text for, in the file that speaks to a customer of this locale; with `has`, those on which
 * it can be composed with no more than this. Null if there is no such template.
 */
export type TextsFor = (template: string, locale: string, has?: Has) => readonly Channel[] | null;

/**
 * What planning asks of the templates: the channels that one has a text for, for a customer of this locale; with `has`, those
 * on which that text can be composed with no more than this.
 */
export function textsFor(templates: Templates): TextsFor {
  return (template, locale, has) => {
    if (!templates.keys.includes(template)) return null;
    const texts = templates.channels(template, locale);
    if (has === undefined) return texts;
    return texts.filter((channel) => [...templates.needs(template, locale, channel).keys()].every((need) => has[need]));
  };
}

/** The templates that a definition may name, and what is known of them. */
export interface KnownTemplates {
  readonly templates: readonly string[];
  /** The channels on which a template can speak to every customer. */
  readonly textsOf: (template: string) => readonly Channel[];
  /** What a template cannot do without, in any language: on one channel, or on any of its own. With the name that it shows. */
  readonly needsOf: (template: string, on?: Channel) => ReadonlyMap<Need, string>;
}

/** @param company the company's own locale: what its file has, every other has */
export function knownTemplates(templates: Templates, company: string): KnownTemplates {
  return {
    // Asked for again each time: the files may have changed.
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
