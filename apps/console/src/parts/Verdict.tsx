import { useId } from 'react';
import css from './parts.module.css';

/** The answer to the question of a page, shown before the evidence. */
export function Verdict({ question, answer }: { readonly question: string; readonly answer: string }) {
  const id = useId();
  return (
    <section className={css.verdict} aria-labelledby={id}>
      <h2 id={id}>{question}</h2>
      <p>{answer}</p>
    </section>
  );
}
