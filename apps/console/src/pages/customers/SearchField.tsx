import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import css from './customers.module.css';

interface SearchFieldProps {
  /** The present search. */
  readonly text: string;
  readonly search: (text: string) => void;
  /** Called by Enter if the text has already been searched for. */
  readonly open: () => void;
}

/** Searches shortly after the last key, or at once with Enter. */
export function SearchField({ text, search, open }: SearchFieldProps) {
  const [typed, setTyped] = useState(text);
  const later = useDebouncedCallback((next: string) => search(next.trim()), 250);
  // The browser's back button, or a link, changes the search.
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
