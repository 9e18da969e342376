import type { ReactNode } from 'react';
import css from './parts.module.css';

/** Something that a reader must know to read the page rightly; no error. */
export function Notice({ children }: { readonly children: ReactNode }) {
  return <p className={css.notice}>{children}</p>;
}
