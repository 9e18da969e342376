import { useRef, useState, type ReactNode } from 'react';
import css from './parts.module.css';

/** A message about what has just been done. It gets the focus, because the button that did it disappears with its row. */
export function useSaid(): { readonly said: ReactNode; readonly say: (words: string) => void } {
  const status = useRef<HTMLParagraphElement>(null);
  const [words, setWords] = useState('');
  return {
    said: (
      <p className={css.said} role="status" tabIndex={-1} ref={status}>
        {words}
      </p>
    ),
    say: (text) => {
      setWords(text);
      status.current?.focus();
    },
  };
}
