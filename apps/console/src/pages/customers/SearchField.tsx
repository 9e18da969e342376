import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import css from './customers.module.css';

interface SearchFieldProps {
  /** What is searched for now. */
  readonly text: string;
  readonly search: (text: string) => void;
  /** Called by Enter, when what stands there is searched for. */
  readonly open: () => void;
}

/** Searches a moment after the last key, and at once by Enter. */
export function SearchField({ text, search, open }: SearchFieldProps) {
  const [typed, setTyped] = useState(text);
  const later = useDebouncedCallback((next: string) => search(next.trim()), 250);
  // The way back, or a link, changes what is searched for.
  useEffect(() => setTyped((now) => (now.trim() === text ? now : text)), [text]);
  return (
    <form
      role="search"
      className={css.field}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === text) open();
        else search(typed.trim());
      }}
    >
      <TextInput
        label="Search"
        type="search"
        placeholder="Name, number, e-mail address or telephone number"
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          later(event.currentTarget.value);
        }}
      />
    </form>
  );
}
