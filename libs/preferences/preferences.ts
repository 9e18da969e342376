import type { ContactWindow } from '../channels/contact-window.js';
import { purposes, type Purpose } from '../channels/purpose.js';
import type { Channel } from '../channels/table.js';
import { mayWriteTo } from '../customers/may-write.js';

/** One choice, for a channel and a purpose: `email.marketing`. */
export type ConsentKey = `${Channel}.${Purpose}`;

export const consentKey = (channel: Channel, purpose: Purpose): ConsentKey => `${channel}.${purpose}`;

/** `any`: at any hour; `540-1200`: every day between these minutes of the local day; `other`: the stored windows, which are neither. */
export type HoursChoice = 'any' | 'other' | `${number}-${number}`;

/** The settings of a customer besides consent. */
export interface Choices {
  /** Null: no preference. */
  readonly preferredChannel: string | null;
  /** Two letters. */
  readonly language: string;
  /** IANA name; null if none is known. */
  readonly timeZone: string | null;
  readonly hours: HoursChoice;
}

/** What a form showed. */
export interface ShownPreferences {
  /** Only what may be changed there; `mark` changes with every change of this consent. */
  readonly consents: Readonly<Partial<Record<ConsentKey, { readonly granted: boolean; readonly mark: string }>>>;
  readonly choices: Choices;
}

/** What the customer sent back. */
export interface WishedPreferences {
  readonly ticked: ReadonlySet<string>;
  readonly choices: Choices;
}

export interface ConsentChoice {
  readonly channel: Channel;
  readonly purpose: Purpose;
  readonly granted: boolean;
}

export interface PreferenceChanges {
  readonly consents: readonly ConsentChoice[];
  /** Only the changes. */
  readonly choices: Partial<Choices>;
  /** A consent that the customer ticked has changed since the form was shown: it is not granted before they have seen its present state. */
  readonly stale: boolean;
}

/**
 * Computes the changes: only what the customer changed on the form and what differs from the present state. So the same form sent twice
 * changes nothing the second time, and an old form does not grant again what was withdrawn in the meantime, or undo another setting. A
 * withdrawal always counts; a grant only if the consent is still as it was shown.
 * @param seen what the form showed
 * @param present the present state
 */
export function changesOf(seen: ShownPreferences, { ticked, choices }: WishedPreferences, present: ShownPreferences): PreferenceChanges {
  const consents: ConsentChoice[] = [];
  let stale = false;
  for (const [key, now] of entriesOf(present.consents)) {
    const shown = seen.consents[key];
    const granted = ticked.has(key);
    if (shown === undefined || granted === shown.granted || granted === now.granted) continue;
    if (granted && shown.mark !== now.mark) stale = true;
    else consents.push({ ...partsOf(key), granted });
  }
  const changed = (Object.keys(choices) as (keyof Choices)[]).filter(
    (name) => choices[name] !== seen.choices[name] && choices[name] !== present.choices[name],
  );
  return { consents, choices: Object.fromEntries(changed.map((name) => [name, choices[name]])), stale };
}

function entriesOf(consents: ShownPreferences['consents']): [ConsentKey, { readonly granted: boolean; readonly mark: string }][] {
  return Object.entries(consents) as [ConsentKey, { readonly granted: boolean; readonly mark: string }][];
}

function partsOf(key: ConsentKey): { readonly channel: Channel; readonly purpose: Purpose } {
  const [channel, purpose] = key.split('.') as [Channel, Purpose];
  return { channel, purpose };
}

/** One address of a customer, with its consents. */
export interface AddressState {
  readonly channel: Channel;
  readonly address: string;
  readonly addressHash: string;
  readonly dead: boolean;
  /** Why it is suppressed, for some purposes or all; null if it is not. */
  readonly suppression: string | null;
  /** The latest consent event of each purpose for exactly this address. */
  readonly latest: Readonly<Partial<Record<Purpose, { readonly granted: boolean; readonly id: string }>>>;
}

/** True if its owner can lift the block: an opt-out, but not a complaint or a dead address. */
function isOpenToConsent({ dead, suppression }: AddressState): boolean {
  return !dead && (suppression === null || suppression === 'opt-out');
}

/** The purposes that may be chosen for an address; a tick cannot revoke an objection to marketing. */
export function choosablePurposes(address: AddressState, objected: boolean): readonly Purpose[] {
  return isOpenToConsent(address) ? purposes.filter((purpose) => purpose !== 'marketing' || !objected) : [];
}

/** What a customer may choose, with the present state. */
export function consentsOf(addresses: readonly AddressState[], objected: boolean): ShownPreferences['consents'] {
  return Object.fromEntries(
    addresses.flatMap((address) =>
      choosablePurposes(address, objected).map((purpose) => {
        const latest = address.latest[purpose];
        const granted = isGranted(address, purpose);
        return [consentKey(address.channel, purpose), { granted, mark: `${address.suppression ?? ''}/${latest?.id ?? ''}` }];
      }),
    ),
  );
}

/** True if nothing is sent to the address for any purpose, and there is no consent to offers that could become valid again. */
export function isStopped(address: AddressState): boolean {
  const { suppression, latest } = address;
  return suppression !== null && latest.marketing?.granted !== true && purposes.every((purpose) => !isGranted(address, purpose));
}

/** Whether it may be written to, by the consents and suppressions of this address alone, without objections and dead addresses. */
function isGranted({ channel, suppression, latest }: AddressState, purpose: Purpose): boolean {
  return mayWriteTo({ channel, purpose, suppression, dead: false, objected: false, consent: latest[purpose]?.granted ?? null });
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const dayMinutes = 1_440;

/** The form's option for these windows; null and an empty list mean any hour. */
export function hoursChoiceOf(windows: readonly ContactWindow[] | null): HoursChoice {
  const [first, ...more] = windows ?? [];
  if (first === undefined) return 'any';
  return more.length === 0 && everyDay.every((day) => first.days.includes(day)) ? `${first.from}-${first.to}` : 'other';
}

/** @returns null for any hour, undefined for `other`: there is nothing to change */
export function windowsOf(choice: HoursChoice): ContactWindow[] | null | undefined {
  if (choice === 'other') return undefined;
  if (choice === 'any') return null;
  const [from = 0, to = dayMinutes] = choice.split('-').map(Number);
  return [{ days: everyDay, from, to }];
}

/** The same country in another language: `de-AT` and `fr` make `fr-AT`. */
export function withLanguage(locale: string, language: string): string {
  return [language, ...locale.split(/[-_]/).slice(1)].join('-');
}

/** Enough of an address to recognise it: `a•••@example.com`, `+49•••123`. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at > 0 ? `${address.slice(0, 1)}•••${address.slice(at)}` : `${address.slice(0, 3)}•••${address.slice(-3)}`;
}
