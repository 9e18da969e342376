import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { foundCustomersQuery } from '../../api/customer-queries.js';
import type { TemplatePreview } from '../../api/types.js';
import { CustomerLink } from '../../parts/CustomerLink.js';
import css from './templates.module.css';

interface CustomerPickerProps {
  readonly customer: TemplatePreview['customer'];
  readonly choose: (id: string | undefined) => void;
}

/** Finds the customer for the preview. */
export function CustomerPicker({ customer, choose }: CustomerPickerProps) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 200);
  const { data } = useQuery(foundCustomersQuery(search));
  // A choice replaces one control by another, which gets the focus.
  const [touched, setTouched] = useState(false);
  const pick = (id: string | undefined): void => {
    setTouched(true);
    setTyped('');
    choose(id);
  };
  const field = useRef<HTMLInputElement>(null);
  const leave = (): void => {
    setTyped('');
    field.current?.focus();
  };
  if (customer !== null) {
    return (
      <div className={css.picker}>
        <p className={css.label}>Customer</p>
        <p className={css.chosen}>
          <CustomerLink customer={customer.id}>
            <b>{customer.externalId}</b> {customer.name}
          </CustomerLink>
          <Button variant="default" size="compact-sm" autoFocus={touched} onClick={() => pick(undefined)}>
            Show sample values
          </Button>
        </p>
      </div>
    );
  }
  const found = search === '' ? [] : (data?.items ?? []);
  return (
    <div className={css.picker} role="search" onKeyDown={({ key }) => key === 'Escape' && leave()}>
      <TextInput
        ref={field}
        label="Customer"
        placeholder="Number, name or address"
        autoFocus={touched}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          const [first] = found;
          if (event.key === 'Enter' && first) pick(first.id);
        }}
      />
      <p className={css.none} role="status">
        {search !== '' && data && found.length === 0 && 'No customer has this number, name or address.'}
      </p>
      {found.length > 0 && (
        <ul className={css.found}>
          {found.map(({ id, externalId, name, locale }) => (
            <li key={id}>
              <button type="button" onClick={() => pick(id)}>
                <b>{externalId}</b> {name} <span>{locale}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
