/** One thing that is wrong, and where. */
export interface ProblemPlace {
  readonly where: string;
  readonly what: string;
}

/** An answer of the API other than success, or none at all (`status` 0). */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string | null = null,
    readonly places: readonly ProblemPlace[] = [],
    readonly remedy: string | null = null,
  ) {
    super(title);
    this.name = 'ApiProblem';
  }
}

/** Reads an application/problem+json answer; an answer that is none still becomes a problem with a title. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  const problem = (typeof body === 'object' && body !== null ? body : {}) as {
    title?: string;
    detail?: string;
    places?: ProblemPlace[];
    remedy?: string;
  };
  const title = problem.title ?? `The server answered ${response.status}`;
  return new ApiProblem(response.status, title, problem.detail ?? null, problem.places ?? [], problem.remedy ?? null);
}

/** Anything thrown, as a problem to be shown. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(
    0,
    'The console met an error of its own',
    error instanceof Error ? error.message : null,
    [],
    'Load the page again.',
  );
}
