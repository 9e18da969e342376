import type { ListedTask } from '../../api/types.js';
import { moment } from '../../format/time.js';
import { messageWord } from '../../format/words.js';
import { Chip } from '../../parts/Chip.js';
import css from './desk.module.css';

/** What was written back, and what became of it. */
export function Replies({ task: { replies } }: { readonly task: ListedTask }) {
  if (replies.length === 0) return null;
  return (
    <ul className={css.replies} aria-label="What was written back">
      {replies.map(({ messageId, text, writtenAt, state, notBefore }) => (
        <li key={messageId}>
          <p>{text}</p>
          <small>
            written {moment(writtenAt)} <Chip word={messageWord(state)} />
            {state === 'planned' && notBefore > writtenAt && <> goes out {moment(notBefore)}</>}
          </small>
        </li>
      ))}
    </ul>
  );
}
