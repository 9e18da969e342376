import { useId } from 'react';
import type { ListedTask } from '../../api/types.js';
import { money } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { answerWord, channelName, meaningName, offerWord } from '../../format/words.js';
import { Chip } from '../../parts/Chip.js';
import { CustomerLink } from '../../parts/CustomerLink.js';
import { EnrolmentLink } from '../../parts/EnrolmentLink.js';
import { Facts } from '../../parts/Facts.js';
import css from './desk.module.css';
import { MeaningForm } from './MeaningForm.js';
import { ReachText } from './ReachText.js';
import { Replies } from './Replies.js';
import { ReplyForm } from './ReplyForm.js';

interface TaskCardProps {
  readonly task: ListedTask;
  /** Called after it was closed, or a reply was sent, with a message about that. */
  readonly closed: (words: string) => void;
}

/** One answer: the customer's own text first, then its classification, and the offer. */
export function TaskCard({ task, closed }: TaskCardProps) {
  const id = useId();
  const { customer, response, offer, campaign } = task;
  const name = customer.name ?? 'A customer without a name';
  return (
    <article className={css.task} aria-labelledby={id}>
      <header className={css.head}>
        <h2 id={id}>
          <CustomerLink customer={customer.id}>{name}</CustomerLink>
        </h2>
        <Chip word={answerWord(task.kind)} />
        <p>
          {channelName(response.channel)}, {moment(response.receivedAt)}
          {campaign && (
            <>
              {' '}
              · <EnrolmentLink enrolment={task.enrolmentId}>{campaign.title}</EnrolmentLink>
            </>
          )}
        </p>
        <p className={css.due}>
          {task.closedAt === null ? (
            <>due {moment(task.dueAt)}</>
          ) : (
            <>
              closed {moment(task.closedAt)} as <b>{meaningName(task.resolution ?? 'none')}</b>
            </>
          )}
        </p>
      </header>
      <blockquote className={css.words} tabIndex={mayScroll(response.text ?? '') ? 0 : undefined}>
        {response.text ?? 'The text was not kept.'}
      </blockquote>
      <Facts
        of={{
          'Classified as': `${answerWord(response.answer).text}, because: ${response.because}`,
          Offer: offer === null ? 'No offer' : <Offered offer={offer} />,
          'To reach': <ReachText task={task} />,
        }}
      />
      <Replies task={task} />
      {task.reply !== null && <ReplyForm task={task} sent={closed} />}
      {task.closedAt === null && <MeaningForm task={task} name={customer.name} closed={closed} />}
    </article>
  );
}

/** It may be longer than its box on a telephone, so it must be reachable by keyboard. */
const mayScroll = (text: string): boolean => text.length > 450 || text.split('\n').length > 16;

function Offered({ offer }: { readonly offer: NonNullable<ListedTask['offer']> }) {
  return (
    <>
      {offer.title}, costs {money(offer.cost, offer.currency)} <Chip word={offerWord(offer.state)} />{' '}
      {offer.state === 'open' && <>until {moment(offer.expiresAt)}</>}
    </>
  );
}
