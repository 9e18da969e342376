import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import css from './parts.module.css';

interface PageHeadProps {
  readonly title: string;
  /** The link to the parent page, above the title. */
  readonly up?: ReactNode;
  readonly chip?: ReactNode;
  readonly actions?: ReactNode;
  /** One line that says what the page is about. */
  readonly sub?: ReactNode;
}

export function PageHead({ title, up, chip, actions, sub }: PageHeadProps) {
  useDocumentTitle(`${title} · Perennial`);
  return (
    <header className={css.head}>
      {up !== undefined && <p className={css.up}>{up}</p>}
      <div className={css.headRow}>
        <h1>{title}</h1>
        {chip}
        {actions !== undefined && <div className={css.actions}>{actions}</div>}
      </div>
      {sub !== undefined && <p className={css.sub}>{sub}</p>}
    </header>
  );
}
