import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EnrolmentFilter } from '../api/queries.js';
import css from './parts.module.css';

interface CountLinkProps {
  readonly campaign: string;
  readonly rows: EnrolmentFilter;
  readonly children: ReactNode;
}

/** A count that links to its enrolments. */
export function CountLink({ campaign, rows, children }: CountLinkProps) {
  return (
    <Link to="/campaigns/$campaign/enrolments" params={{ campaign }} search={rows} className={css.countLink}>
      {children}
    </Link>
  );
}
