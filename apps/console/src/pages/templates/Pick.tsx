import { useId } from 'react';
import css from './templates.module.css';

interface PickProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly pick: (value: Value) => void;
}

/** A choice of a few options, all visible. */
export function Pick<Value extends string>({ label, value, choices, pick }: PickProps<Value>) {
  const name = useId();
  return (
    <fieldset className={css.pick}>
      <legend>{label}</legend>
      <div>
        {choices.map((choice) => (
          <label key={choice.value}>
            <input type="radio" name={name} checked={choice.value === value} onChange={() => pick(choice.value)} />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
