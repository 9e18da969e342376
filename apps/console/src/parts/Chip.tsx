import type { Word } from '../format/words.js';
import css from './parts.module.css';

/** A state in one word and colour; the colour adds no information. */
export function Chip({ word, dot = false }: { readonly word: Word; readonly dot?: boolean }) {
  return (
    <span className={css.chip} data-tone={word.tone} data-dot={dot || undefined}>
      {word.text}
    </span>
  );
}
