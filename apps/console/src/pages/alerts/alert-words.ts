import type { Alert, AlertKind, Provider } from '../../api/types.js';
import { channelInText, channelName, plural, type Word } from '../../format/words.js';

interface AlertText {
  readonly title: string;
  /** What it means for customers and messages now. */
  readonly meaning: string;
  readonly whatToDo: string;
}

const waits =
  'What is planned waits and is not lost. A message whose time passes meanwhile is late, and its customer is tried on the next channel.';

const texts: Readonly<Record<AlertKind, (alert: Alert) => AlertText>> = {
  'provider-down': ({ subject }) => ({
    title: `${channelName(subject)} is not going out: its provider does not answer`,
    meaning: waits,
    whatToDo:
      'Look at the provider’s status page, and whether this server reaches it. A few messages are tried by themselves, at growing intervals; once one is taken, all go on.',
  }),
  'provider-refuses': ({ subject }) => ({
    title: `${channelName(subject)} is not going out: its provider refuses us`,
    meaning: waits,
    whatToDo: `Look at the codes with the provider: credentials, the sender’s registration, or its reputation. Where a setting for ${channelInText(
      subject,
    )} changes, restart the dispatcher. A few messages are tried by themselves; once one is taken, all go on.`,
  }),
  'provider-slow': ({ subject }) => ({
    title: `${channelName(subject)} is hardly going out: its provider keeps asking us to slow down`,
    meaning: waits,
    whatToDo: `Ask the provider for a higher limit for ${channelInText(
      subject,
    )}, or set a lower rate, so that what is sent is taken at once. This ends by itself once the provider takes messages again.`,
  }),
  'campaign-paused': ({ title }) => ({
    title: `${title === null ? 'A campaign' : `“${title}”`} paused by itself`,
    meaning: 'Everyone in it stays at their step, and nothing is sent.',
    whatToDo:
      'Put right what is said above: a template that cannot be written, or an old list, a wrong import, a text that people report as spam. Then resume the campaign; it counts anew from there.',
  }),
  'files-broken': ({ subject }) => ({
    title: `A document cannot be used: ${subject}`,
    meaning: 'What is published goes on to be used; nothing of the change was taken in.',
    whatToDo: 'Fix it, and publish it. Where files are followed, it is read again within seconds, and the alert ends by itself.',
  }),
  'publication-not-used': ({ subject }) => ({
    title: `The latest publication cannot be used by the ${subject}`,
    meaning: 'It goes on with the publication before. No campaign can be launched or resumed until all processes use the latest.',
    whatToDo: 'Run the same version of the product everywhere, or publish the older version again. The alert ends by itself.',
  }),
  'events-stuck': ({ subject }) => ({
    title: `What happened cannot be delivered: ${subject}`,
    meaning:
      'Journeys and triggers do not hear of it, nor of what happened to the same customers after it. Nothing is lost: delivery is tried again every minute.',
    whatToDo: 'Look in the worker’s log for “an event could not be delivered”, and fix what is said there. The alert ends by itself.',
  }),
};

export const alertText = (alert: Alert): AlertText => texts[alert.kind](alert);

/** All that is open, in one line. */
export function bannerText(alerts: readonly Alert[]): string {
  const [first, ...others] = alerts;
  if (first === undefined) return '';
  return `${alertText(first).title}.${others.length === 0 ? '' : ` And ${plural(others.length, 'more thing')} to look at.`}`;
}

export function providerWord({ setUp, breaker, pausedUntil }: Provider): Word {
  if (!setUp) return { text: 'Not set up', tone: 'stone' };
  if (breaker === 'open') return { text: 'Stopped', tone: 'rose' };
  if (breaker === 'probing') return { text: 'Being tried', tone: 'amber' };
  return pausedUntil === null ? { text: 'Works', tone: 'leaf' } : { text: 'Asked for patience', tone: 'amber' };
}
