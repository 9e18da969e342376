import type { ReactNode } from 'react';
import css from './parts.module.css';

/** Something that a reader must know to read the page rightly; no error. Grave: something that they should act on. */
export function Notice({ children, grave = false }: { readonly children: ReactNode; readonly grave?: boolean }) {
  return <p className={grave ? css.stale : css.notice}>{children}</p>;
}
