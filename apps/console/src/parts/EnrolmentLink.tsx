import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** Links to the full history of an enrolment; without an enrolment, only the text. */
export function EnrolmentLink({ enrolment, children }: { readonly enrolment: string | null; readonly children: ReactNode }) {
  if (enrolment === null) return children;
  return (
    <Link to="/enrolments/$enrolment" params={{ enrolment }}>
      {children}
    </Link>
  );
}
