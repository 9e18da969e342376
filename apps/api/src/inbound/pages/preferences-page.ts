import { DateTime } from 'luxon';
import {
  isStopped,
  maskAddress,
  choosablePurposes,
  consentKey,
  type AddressState,
  type Choices,
  type ShownPreferences,
} from '../../../../../libs/preferences/preferences.js';
import type { PreferenceCentre } from '../../../../../libs/preferences/preferences-store.js';
import { textLocale } from '../../../../../libs/channels/contract/text-locale.js';
import type { CustomerLanguage } from '../../../../../libs/channels/customer-texts.js';
import { channelKinds } from '../../../../../libs/channels/table.js';
import { html, Html } from '../html.js';
import { fieldNames, writeSeen, type FieldError } from './preferences-form.js';
import { languageNames, type PreferenceTexts } from './preferences-texts.js';
import { placeName, zoneChoices } from './preferences-zones.js';

/** What the page shows: the stored state, or the customer's choices if they must be fixed first. */
export interface PreferencePage {
  readonly centre: PreferenceCentre;
  readonly language: CustomerLanguage;
  readonly texts: PreferenceTexts;
  /** What is sent back with the form: a stale form that must be fixed stays a stale form. */
  readonly seen: ShownPreferences;
  readonly choices: Choices;
  /** The keys of the consents that are ticked. */
  readonly ticked: ReadonlySet<string>;
  /** What has just been done. */
  readonly notice?: string;
  readonly errors: readonly FieldError[];
}

/** The page below its title: a form of plain controls, and a separate button that stops everything. */
export function preferencesBody(page: PreferencePage): Html {
  const { centre, texts } = page;
  return html`${noticeOf(page)}
    <p>${texts.intro}</p>
    <form class="choices" method="post" novalidate>
      <input type="hidden" name="${fieldNames.seen}" value="${writeSeen(page.seen)}" />
      ${centre.addresses.length === 0 ? html`<p>${texts.noAddress}</p>` : all(centre.addresses, (address) => addressFields(page, address))}
      ${channelField(page)} ${hoursFields(page)} ${languageField(page)} ${zoneField(page)}
      <button class="first" name="do" value="save">${texts.save}</button>
    </form>
    ${centre.addresses.every(isStopped) ? nothing : stopForm(texts)}`;
}

const nothing = new Html('');

function all<T>(items: Iterable<T>, render: (item: T) => Html): Html {
  return new Html([...items].map((item) => render(item).text).join('\n'));
}

/** A screen reader reads it first, and it is seen first, because it has the focus. */
function noticeOf({ notice, errors, texts }: PreferencePage): Html {
  if (errors.length > 0) {
    const links = all(errors, ({ field, what }) => html`<li><a href="#${anchors[field]}">${errorText(texts, field, what)}</a></li>`);
    return html`<div class="notice wrong" role="alert" tabindex="-1" autofocus>
      <p><strong>${texts.wrong}</strong></p>
      <ul>
        ${links}
      </ul>
    </div>`;
  }
  return notice === undefined ? nothing : html`<p class="notice" role="status" tabindex="-1" autofocus>${notice}</p>`;
}

const anchors: Readonly<Record<FieldError['field'], string>> = {
  preferredChannel: 'channel-any',
  language: fieldNames.language,
  timeZone: fieldNames.timeZone,
  hours: fieldNames.from,
};

function errorText(texts: PreferenceTexts, field: FieldError['field'], what: FieldError['what']): string {
  const labels = { preferredChannel: texts.preferred, language: texts.language, timeZone: texts.timeZone, hours: texts.when };
  return texts.errors[what].replace('{field}', () => labels[field]);
}

/** The message below a field, and what ties the field to it. */
function errorOf({ errors, texts }: PreferencePage, field: FieldError['field']): { readonly message: Html; readonly attributes: Html } {
  const error = errors.find((each) => each.field === field);
  if (error === undefined) return { message: nothing, attributes: nothing };
  return {
    message: html`<p class="error" id="${field}-error">${errorText(texts, field, error.what)}</p>`,
    attributes: html` aria-invalid="true" aria-describedby="${field}-error"`,
  };
}

function addressFields({ centre, texts, language, ticked }: PreferencePage, address: AddressState): Html {
  const { channel } = address;
  const about = channelKinds.get(channel).texts[language];
  const purposes = choosablePurposes(address, centre.objected);
  const boxes = all(purposes, (purpose) =>
    choice('checkbox', consentKey(channel, purpose), 'on', ticked.has(consentKey(channel, purpose)), about[purpose]),
  );
  const note = purposes.length === 0 ? texts.blocked : centre.objected ? texts.objected : undefined;
  return html`<fieldset>
    <legend>${texts.address.replace('{channel}', () => about.title).replace('{address}', () => maskAddress(address.address))}</legend>
    ${boxes} ${note === undefined ? nothing : html`<p class="soft">${note}</p>`}
  </fieldset>`;
}

function choice(type: 'checkbox' | 'radio', name: string, value: string, checked: boolean, label: string, id?: string): Html {
  return html`<label class="choice">
    <input
      type="${type}"
      name="${name}"
      value="${value}"
      ${id === undefined ? nothing : html`id="${id}"`}
      ${checked ? new Html('checked') : nothing}
    />
    <span>${label}</span>
  </label>`;
}

/** The channels on which the customer has an address, and the preferred one even without an address. */
function channelField(page: PreferencePage): Html {
  const { centre, texts, choices } = page;
  const channels = [
    ...new Set<string>([...centre.addresses.map(({ channel }) => channel), ...listed(centre.shown.choices.preferredChannel)]),
  ];
  const { message } = errorOf(page, 'preferredChannel');
  return html`<fieldset>
    <legend>${texts.preferred}</legend>
    ${choice('radio', fieldNames.preferredChannel, '', choices.preferredChannel === null, texts.noPreference, anchors.preferredChannel)}
    ${all(channels, (channel) =>
      choice('radio', fieldNames.preferredChannel, channel, choices.preferredChannel === channel, channelName(page.language, channel)),
    )}
    ${message}
  </fieldset>`;
}

/** A preference may have been imported for a channel that no longer exists. */
function channelName(language: CustomerLanguage, channel: string): string {
  return channelKinds.find(channel)?.texts[language].title ?? channel;
}

function listed(channel: string | null): readonly string[] {
  return channel === null ? [] : [channel];
}

/** Shown if the customer has not chosen hours before. */
const usualHours = [9 * 60, 18 * 60] as const;

function hoursFields(page: PreferencePage): Html {
  const { centre, texts, choices, language } = page;
  const between = choices.hours !== 'any' && choices.hours !== 'other';
  const [from = usualHours[0], to = usualHours[1]] = between ? choices.hours.split('-').map(Number) : usualHours;
  const { message, attributes } = errorOf(page, 'hours');
  const field = (name: string, label: string, chosen: number, first: number): Html =>
    html`<div class="field">
      <label for="${name}">${label}</label>
      <select id="${name}" name="${name}" ${attributes}>
        ${all(wholeHours(first, chosen), (minute) => option(String(minute), timeText(minute, centre.locale, language), minute === chosen))}
      </select>
    </div>`;
  return html`<fieldset>
    <legend>${texts.when}</legend>
    ${choice('radio', fieldNames.hours, 'any', choices.hours === 'any', texts.anyHour)}
    ${centre.shown.choices.hours === 'other' ? choice('radio', fieldNames.hours, 'other', choices.hours === 'other', texts.asNow) : nothing}
    ${choice('radio', fieldNames.hours, 'between', between, texts.between)}
    <div class="fields">${field(fieldNames.from, texts.from, from, 0)} ${field(fieldNames.to, texts.to, to, 60)}</div>
    ${message}
  </fieldset>`;
}

/** 24 whole hours from `first` on, and a time between them if it was chosen before. */
function wholeHours(first: number, chosen: number): number[] {
  const hours = Array.from({ length: 24 }, (_, hour) => first + hour * 60);
  return [...new Set(Number.isNaN(chosen) ? hours : [...hours, chosen])].sort((a, b) => a - b);
}

/** In the format of the customer's country: 9:00 PM, 21:00. */
function timeText(minute: number, locale: string, language: string): string {
  return DateTime.fromObject({ hour: Math.floor(minute / 60) % 24, minute: minute % 60 }, { zone: 'utc' })
    .setLocale(textLocale(language, locale))
    .toLocaleString(DateTime.TIME_SIMPLE);
}

function languageField(page: PreferencePage): Html {
  const { texts, choices } = page;
  const { message, attributes } = errorOf(page, 'language');
  return html`<div class="field">
    <label for="${fieldNames.language}">${texts.language}</label>
    <select id="${fieldNames.language}" name="${fieldNames.language}" ${attributes}>
      ${all(Object.entries(languageNames), ([language, name]) => option(language, name, language === choices.language, language))}
    </select>
    ${message}
  </div>`;
}

function zoneField(page: PreferencePage): Html {
  const { texts, choices, language, centre } = page;
  const present = centre.shown.choices.timeZone;
  const { often, byRegion } = zoneChoices(language, present);
  const zoneOption = (zone: string): Html => option(zone, placeName(zone), zone === choices.timeZone);
  const { message, attributes } = errorOf(page, 'timeZone');
  return html`<div class="field">
    <label for="${fieldNames.timeZone}">${texts.timeZone}</label>
    <select id="${fieldNames.timeZone}" name="${fieldNames.timeZone}" ${attributes}>
      ${present === null ? option('', texts.zoneUnknown, choices.timeZone === null) : nothing}
      <optgroup label="${texts.oftenChosen}">${all(often, zoneOption)}</optgroup>
      ${all(byRegion, ([region, zones]) => html`<optgroup label="${texts.regions[region] ?? region}">${all(zones, zoneOption)}</optgroup>`)}
    </select>
    ${message}
  </div>`;
}

function option(value: string, label: string, selected: boolean, language?: string): Html {
  const attributes = html`${language === undefined ? nothing : html` lang="${language}"`}${selected ? new Html(' selected') : nothing}`;
  return html`<option value="${value}" ${attributes}>${label}</option>`;
}

function stopForm(texts: PreferenceTexts): Html {
  return html`<h2>${texts.stopTitle}</h2>
    <p id="stop-more">${texts.stopMore}</p>
    <form method="post">
      <button name="do" value="stop" aria-describedby="stop-more">${texts.stop}</button>
    </form>`;
}
