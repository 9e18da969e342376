import { Link } from '@tanstack/react-router';
import { asProblem } from '../api/problem.js';
import { Blank, Failed } from '../parts/Failed.js';

export function Nowhere() {
  return (
    <Blank title="There is no such page">
      <p>
        The address may be mistyped, or the page may have moved. <Link to="/campaigns">All campaigns</Link>
      </p>
    </Blank>
  );
}

export function Crashed({ error }: { readonly error: unknown }) {
  return <Failed problem={asProblem(error)} />;
}
