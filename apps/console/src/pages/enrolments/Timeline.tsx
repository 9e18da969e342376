import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { EnrolmentStory } from '../../api/types.js';
import { money, scoreText } from '../../format/number.js';
import { moment, momentThere } from '../../format/time.js';
import { answerWord, channelInText, channelName, messageWord, offerWord, outcomeWord, type Tone } from '../../format/words.js';
import { Chip } from '../../parts/Chip.js';
import { DecisionText, decisionTitle } from './DecisionText.js';
import line from '../../parts/timeline.module.css';
import css from './enrolments.module.css';
import { timeline, type TimelineEntry } from './timeline.js';
import type { Names } from './verdict.js';

interface TimelineProps {
  readonly story: EnrolmentStory;
  readonly names: Names;
  readonly currency: string;
}

interface EntryText {
  readonly tone: Tone;
  readonly title: ReactNode;
  readonly body?: ReactNode;
}

export function Timeline(props: TimelineProps) {
  const entries = timeline(props.story).filter((entry) => entry.kind !== 'visit' || !props.names.isEnding(entry.visit.step));
  let shown = '';
  return (
    <ol className={line.timeline}>
      {entries.map((entry) => {
        const { tone, title, body } = textOf(entry, props);
        // The margin shows the time only when it has changed.
        const sameMoment = entry.at <= shown || moment(entry.at) === (shown === '' ? '' : moment(shown));
        if (!sameMoment) shown = entry.at;
        return (
          <li key={entry.id} data-kind={entry.kind} data-same={sameMoment || undefined}>
            <time dateTime={entry.at}>{sameMoment ? <VisuallyHidden>{moment(entry.at)}</VisuallyHidden> : moment(entry.at)}</time>
            <span className={line.mark} data-tone={tone} aria-hidden />
            <div className={line.entryText}>
              <p className={line.entryTitle}>{title}</p>
              {body}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function textOf(entry: TimelineEntry, { story, names, currency }: TimelineProps): EntryText {
  switch (entry.kind) {
    case 'enrolled':
      return {
        tone: 'stone',
        title: 'Enrolled',
        body: <p>{story.triggerScore === null ? 'By hand.' : `The score had risen to ${scoreText(story.triggerScore)}.`}</p>,
      };
    case 'entered':
      return {
        tone: story.arm === 'holdout' ? 'stone' : 'leaf',
        title: story.arm === 'holdout' ? 'Held out' : 'Entered',
        body: (
          <p>
            {story.arm === 'holdout'
              ? 'The random split, which always gives a customer the same result in this campaign, put them into the holdout.'
              : 'The random split put them into the treated group; the journey began.'}
          </p>
        ),
      };
    case 'visit':
      return {
        tone: 'stone',
        title: <>Came to “{names.step(entry.visit.step)}”</>,
        body: entry.visit.label === null || entry.visit.label === 'next' ? undefined : <p>Left it by “{entry.visit.label}”.</p>,
      };
    case 'decision':
      return {
        ...decisionTitle(entry.decision, names),
        body: <DecisionText decision={entry.decision} names={names} currency={currency} timeZone={story.customer.timeZone} />,
      };
    case 'offer':
      return {
        tone: 'sky',
        title: (
          <>
            Offer issued: {entry.offer.title} <Chip word={offerWord(entry.offer.state)} />
          </>
        ),
        body: (
          <p>
            Costs {money(entry.offer.cost, entry.offer.currency, { exact: true })} if accepted; valid until {moment(entry.offer.expiresAt)}.
          </p>
        ),
      };
    case 'message':
      return messageEntry(entry.message, story.customer.timeZone);
    case 'response':
      return {
        tone: answerWord(entry.response.answer).tone,
        title: (
          <>
            Answered by {channelInText(entry.response.channel)} <Chip word={answerWord(entry.response.answer)} />
          </>
        ),
        body: (
          <>
            {entry.response.text !== null && <blockquote className={css.quote}>{entry.response.text}</blockquote>}
            <p>Classified because of “{entry.response.because}”.</p>
          </>
        ),
      };
    case 'closed': {
      const outcome = outcomeWord(story.outcome ?? 'closed');
      return { tone: outcome.tone, title: `Closed: ${outcome.text}` };
    }
  }
}

function messageEntry(message: EnrolmentStory['messages'][number], timeZone: string | null): EntryText {
  const state = messageWord(message.state);
  const there = message.submittedAt === null ? null : momentThere(message.submittedAt, timeZone);
  const sent = message.submittedAt === null ? 'Not submitted to the provider' : `Submitted to the provider ${moment(message.submittedAt)}`;
  const settled = message.settledAt === null ? '' : `; settled ${moment(message.settledAt)}`;
  return {
    tone: state.tone,
    title: (
      <>
        {channelName(message.channel)} “{message.template}” <Chip word={state} />
      </>
    ),
    body: (
      <p>
        {sent}
        {there !== null && ` (${there})`}
        {settled}
        {message.errorCode !== null && `; the provider’s code was ${message.errorCode}`}.
      </p>
    ),
  };
}
