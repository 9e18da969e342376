import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** Links to the page of a customer. */
export function CustomerLink({ customer, children }: { readonly customer: string; readonly children: ReactNode }) {
  return (
    <Link to="/customers/$customer" params={{ customer }}>
      {children}
    </Link>
  );
}
