import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** Leads to the whole story of an enrolment; of what belongs to none, the text alone. */
export function EnrolmentLink({ enrolment, children }: { readonly enrolment: string | null; readonly children: ReactNode }) {
  if (enrolment === null) return children;
  return (
    <Link to="/enrolments/$enrolment" params={{ enrolment }}>
      {children}
    </Link>
  );
}
