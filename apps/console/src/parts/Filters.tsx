import { NativeSelect } from '@mantine/core';
import css from './list.module.css';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface Narrowing<Name extends string> {
  readonly name: Name;
  readonly label: string;
  readonly value: string | undefined;
  /** The label for no choice, if it is not "any". */
  readonly any?: string;
  readonly choices: readonly Choice[];
}

interface FiltersProps<Name extends string> {
  readonly by: readonly Narrowing<Name>[];
  readonly set: (name: Name, value: string | undefined) => void;
}

/** Filters a list; a choice in the address is offered even if it is not known here. */
export function Filters<Name extends string>({ by, set }: FiltersProps<Name>) {
  return (
    <div className={css.filters} role="group" aria-label="Filter the list">
      {by.map(({ name, label, value = '', any = 'Any', choices }) => {
        const missing = value !== '' && !choices.some((choice) => choice.value === value);
        return (
          <NativeSelect
            key={name}
            label={label}
            value={value}
            onChange={(event) => set(name, event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
            data={[{ value: '', label: any }, ...choices, ...(missing ? [{ value, label: value }] : [])]}
          />
        );
      })}
    </div>
  );
}
