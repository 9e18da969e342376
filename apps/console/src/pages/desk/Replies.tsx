import type { ListedTask } from '../../api/types.js';
import { moment } from '../../format/time.js';
import { messageWord } from '../../format/words.js';
import { Chip } from '../../parts/Chip.js';
import css from './desk.module.css';

/** The replies and their states. */
export function Replies({ task: { replies } }: { readonly task: ListedTask }) {
  if (replies.length === 0) return null;
  return (
    <ul className={css.replies} aria-label="Replies">
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
