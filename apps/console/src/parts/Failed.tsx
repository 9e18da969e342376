import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ApiProblem } from '../api/problem.js';
import { clockTime } from '../format/time.js';
import css from './parts.module.css';

/** What a page shows if it has nothing else: no rows yet, nothing found, an error. */
export function Blank({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={css.blank}>
      <h1>{title}</h1>
      {children}
    </div>
  );
}

/** A problem in full: what is wrong, where, and what to do about it. */
function ProblemText({ problem }: { readonly problem: ApiProblem }) {
  return (
    <>
      {problem.detail !== null && problem.detail !== problem.title && <p>{problem.detail}</p>}
      {problem.places.length > 0 && (
        <ul className={css.places}>
          {problem.places.map((place) => (
            <li key={`${place.where} ${place.what}`}>
              <code>{place.where}</code> {place.what}
            </li>
          ))}
        </ul>
      )}
      {problem.remedy !== null && <p>{problem.remedy}</p>}
    </>
  );
}

/** Beside the button whose action was refused. */
export function Refused({ problem }: { readonly problem: ApiProblem }) {
  return (
    <div role="alert" className={css.refused}>
      <b>{problem.title}</b>
      <ProblemText problem={problem} />
    </div>
  );
}

/** In place of a whole page that could not be loaded. */
export function Failed({ problem, again }: { readonly problem: ApiProblem; readonly again?: () => void }) {
  return (
    <div role="alert">
      <Blank title={problem.title}>
        <ProblemText problem={problem} />
        {again && problem.status !== 404 && (
          <Button variant="default" onClick={again}>
            Try now
          </Button>
        )}
      </Blank>
    </div>
  );
}

/** Above a page that shows its last data, while newer data cannot be loaded. */
export function Stale({ problem, since }: { readonly problem: ApiProblem | null; readonly since: number }) {
  return (
    <div role="status">
      {problem && (
        <p className={css.stale}>
          <b>As of {clockTime(since)}.</b> {problem.title}. {problem.remedy ?? 'The page tries again automatically.'}
        </p>
      )}
    </div>
  );
}
