import type { ReactNode } from 'react';
import css from './parts.module.css';

/** Something that a reader must know to understand the page; not an error. `grave`: something that they should act on. */
export function Notice({ children, grave = false }: { readonly children: ReactNode; readonly grave?: boolean }) {
  return <p className={grave ? css.stale : css.notice}>{children}</p>;
}
