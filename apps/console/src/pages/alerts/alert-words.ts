import type { Alert, AlertKind, Provider } from '../../api/types.js';
import { channelInText, channelName, plural, spelledOut, type Word } from '../../format/words.js';

interface AlertText {
  readonly title: string;
  /** What it means for customers and messages now. */
  readonly meaning: string;
  readonly whatToDo: string;
}

const waits =
  'Planned messages wait and are not lost. A message that becomes too late is not sent; its customer is tried on the next channel.';

const texts: Readonly<Record<AlertKind, (alert: Alert) => AlertText>> = {
  'provider-down': ({ subject }) => ({
    title: `${channelName(subject)} is not going out: its provider does not answer`,
    meaning: waits,
    whatToDo:
      'Check the provider’s status page, and whether this server can reach it. A few messages are retried automatically, at growing intervals; once one is accepted, all are sent again.',
  }),
  'provider-refuses': ({ subject }) => ({
    title: `${channelName(subject)} is not going out: its provider refuses us`,
    meaning: waits,
    whatToDo: `Look at the codes with the provider: credentials, the sender’s registration, or its reputation. If a setting for ${channelInText(
      subject,
    )} changes, restart the dispatcher. A few messages are retried automatically; once one is accepted, all are sent again.`,
  }),
  'provider-slow': ({ subject }) => ({
    title: `${channelName(subject)} is sent very slowly: its provider keeps asking us to slow down`,
    meaning: waits,
    whatToDo: `Ask the provider for a higher limit for ${channelInText(
      subject,
    )}, or set a lower rate, so that the provider accepts messages at once. The alert ends automatically once the provider accepts messages again.`,
  }),
  'campaign-paused': ({ title }) => ({
    title: `${title === null ? 'A campaign' : `“${title}”`} paused automatically`,
    meaning: 'All its customers stay at their step, and nothing is sent.',
    whatToDo:
      'Fix the cause named above: a template that cannot be rendered, an old list, a wrong import, or a text that people report as spam. Then resume the campaign; counting starts again from there.',
  }),
  'files-broken': ({ subject }) => ({
    title: `A document cannot be used: ${subject}`,
    meaning: 'The published content stays in use; the change was not loaded.',
    whatToDo: 'Fix it, and publish it. If files are watched, it is read again within seconds, and the alert closes automatically.',
  }),
  'publication-not-used': ({ subject }) => ({
    title: `The latest publication cannot be used by the ${subject}`,
    meaning: 'It keeps using the previous publication. No campaign can be launched or resumed until all processes use the latest.',
    whatToDo: 'Run the same version of the product everywhere, or publish the older version again. The alert closes automatically.',
  }),
  'files-not-published': () => ({
    title: 'Files that changed are not published: an older version was published again',
    meaning: 'That older version stays in use, and a change of the files is not published automatically.',
    whatToDo:
      'Publish the files when they are right (perennial publish), or change them to what is published. The alert closes automatically.',
  }),
  'score-drift': ({ subject }) => ({
    title: `Customers are no longer like those that the score ${spelledOut(subject)} learnt from`,
    meaning: 'It is still computed, but its likelihoods may be off, and campaigns may choose the wrong customers.',
    whatToDo:
      'Look at the page of the score to see what moved, and train it again. The alert closes automatically once a sweep finds nothing moved.',
  }),
  'events-stuck': ({ subject }) => ({
    title: `A domain event cannot be delivered: ${subject}`,
    meaning:
      'Journeys and triggers do not get it, nor any later event of the same customers. Nothing is lost: delivery is retried every minute.',
    whatToDo: 'Look in the worker’s log for “an event could not be delivered”, and fix the cause. The alert closes automatically.',
  }),
};

export const alertText = (alert: Alert): AlertText => texts[alert.kind](alert);

/** All open alerts in one line. */
export function bannerText(alerts: readonly Alert[]): string {
  const [first, ...others] = alerts;
  if (first === undefined) return '';
  return `${alertText(first).title}.${others.length === 0 ? '' : ` And ${plural(others.length, 'more alert')}.`}`;
}

export function providerWord({ setUp, breaker, pausedUntil }: Provider): Word {
  if (!setUp) return { text: 'Not set up', tone: 'stone' };
  if (breaker === 'open') return { text: 'Stopped', tone: 'rose' };
  if (breaker === 'probing') return { text: 'Being tried', tone: 'amber' };
  return pausedUntil === null ? { text: 'Works', tone: 'leaf' } : { text: 'Asked to slow down', tone: 'amber' };
}
