import { useQuery } from '@tanstack/react-query';
import { asProblem } from '../../api/problem.js';
import { feedQuery } from '../../api/queries.js';
import { moment, span } from '../../format/time.js';
import { customerName, happeningWord } from '../../format/words.js';
import { Card } from '../../parts/Card.js';
import { Chip } from '../../parts/Chip.js';
import { CustomerLink } from '../../parts/CustomerLink.js';
import { EnrolmentLink } from '../../parts/EnrolmentLink.js';
import parts from '../../parts/parts.module.css';
import css from './campaigns.module.css';

const shown = 8;

interface FeedProps {
  readonly campaign: string;
  /** The present instant in campaign time. */
  readonly now: string;
}

/** The latest events; each links to its customer's full history. */
export function Feed({ campaign, now }: FeedProps) {
  const { data: happenings, error } = useQuery(feedQuery(campaign));
  return (
    <Card title="Just now" aside="each links to the reasons">
      {!happenings && <p className={parts.soft}>{error ? `${asProblem(error).title}.` : 'Loading.'}</p>}
      {happenings?.length === 0 && <p className={parts.soft}>Nothing has happened yet.</p>}
      <ul className={css.feed}>
        {happenings?.slice(0, shown).map((happening) => (
          <li key={`${happening.enrolmentId} ${happening.at} ${happening.kind}`}>
            <Chip word={happeningWord(happening.kind)} />
            <span className={css.happening}>
              <CustomerLink customer={happening.customer.id}>{customerName(happening.customer)}</CustomerLink>{' '}
              <EnrolmentLink enrolment={happening.enrolmentId}>{happening.text}</EnrolmentLink>
            </span>
            <time dateTime={happening.at} title={moment(happening.at)}>
              {span(happening.at, now)}
            </time>
          </li>
        ))}
      </ul>
    </Card>
  );
}
