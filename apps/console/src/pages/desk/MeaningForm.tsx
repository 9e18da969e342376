import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import { asProblem } from '../../api/problem.js';
import { useCloseTask } from '../../api/queries.js';
import type { ListedTask, Meaning } from '../../api/types.js';
import { meaningName } from '../../format/words.js';
import { Refused } from '../../parts/Failed.js';
import css from './desk.module.css';
import { consequence } from './meaning-words.js';

interface MeaningFormProps {
  readonly task: ListedTask;
  /** The customer's, null if it is not known. */
  readonly name: string | null;
  readonly closed: (words: string) => void;
}

/** The five meanings, each with its consequences; nothing is done before one is chosen and the task is closed. */
export function MeaningForm({ task, name, closed }: MeaningFormProps) {
  const group = useId();
  const [chosen, setChosen] = useState<Meaning | null>(null);
  const close = useCloseTask(task.id, (meaning) =>
    closed(`The task of ${name ?? 'a customer without a name'} is closed as “${meaningName(meaning)}”.`),
  );
  const problem = close.error ? asProblem(close.error) : null;
  const unavailable = task.choices.find(({ answer }) => answer === chosen)?.unavailable === true;
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen === null || unavailable) return;
        close.mutate(chosen);
      }}
    >
      <fieldset className={css.meanings}>
        <legend>What did {name ?? 'the customer'} mean?</legend>
        {task.choices.map((choice) => {
          const meaning = choice.answer;
          const describes = `${group}-${meaning}`;
          return (
            <label key={meaning} className={css.meaning} data-unavailable={choice.unavailable || undefined}>
              <input
                type="radio"
                name={group}
                value={meaning}
                checked={chosen === meaning}
                disabled={choice.unavailable}
                aria-describedby={describes}
                onChange={() => setChosen(meaning)}
              />
              <b>{meaningName(meaning)}</b>
              <span id={describes}>{consequence(task, choice)}</span>
            </label>
          );
        })}
      </fieldset>
      {problem && <Refused problem={problem} />}
      <div className={css.buttons}>
        <Button type="submit" disabled={chosen === null || unavailable} loading={close.isPending}>
          {chosen === null ? 'Close' : `Close as “${meaningName(chosen)}”`}
        </Button>
        <p>A closed task cannot be reopened; the customer’s words are kept beside your choice.</p>
      </div>
    </form>
  );
}
