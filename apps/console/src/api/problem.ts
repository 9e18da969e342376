/** One thing that is wrong, and where. */
export interface ProblemPlace {
  readonly where: string;
  readonly what: string;
}

/** An error answer of the API, or no answer at all (`status` 0). */
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

/** Reads an application/problem+json answer; any other answer becomes a problem with a title. */
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

/** Turns any thrown value into a problem that can be shown. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(0, 'The console has an internal error', error instanceof Error ? error.message : null, [], 'Load the page again.');
}
