import { VisuallyHidden } from '@mantine/core';
import css from './parts.module.css';

interface LoadingProps {
  readonly what: string;
  /** Shown under a page's head, and not instead of the page. */
  readonly under?: boolean;
}

/** A page's shape before its first data; shown only if that takes longer than a moment (see the style). */
export function Loading({ what, under = false }: LoadingProps) {
  if (under) {
    return (
      <div className={css.loading} role="status">
        <VisuallyHidden>{what}</VisuallyHidden>
        <div className={css.bone} style={{ height: 300 }} />
      </div>
    );
  }
  return (
    <div className={css.loading} role="status">
      <VisuallyHidden component="h1">{what}</VisuallyHidden>
      <div className={css.bone} style={{ height: 26, width: 'min(320px, 70%)' }} />
      <div className={css.bone} style={{ height: 14, width: 'min(520px, 90%)' }} />
      <div className={css.loadingRow}>
        <div className={css.bone} style={{ height: 112 }} />
        <div className={css.bone} style={{ height: 112 }} />
        <div className={css.bone} style={{ height: 112 }} />
        <div className={css.bone} style={{ height: 112 }} />
      </div>
      <div className={css.bone} style={{ height: 300 }} />
    </div>
  );
}
