import { ApiProblem, problemOf } from './problem.js';

type Method = 'GET' | 'POST' | 'DELETE';

/**
 * Calls the API, with the session's cookie.
 * @returns the body of the answer, typed as an `Answer`; undefined if it has none
 * @throws ApiProblem for every other answer, and if there is none
 */
export async function request<Answer>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(`/v1${path}`, {
    method,
    credentials: 'same-origin',
    headers: { accept: 'application/json', ...(method === 'GET' ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiProblem(
      0,
      'The server cannot be reached',
      null,
      [],
      'Check that Perennial is running. The page tries again automatically.',
    );
  });
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

/** `?a=1&b=2` of the set values, or an empty text. */
export function searchText(values: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== '') search.set(name, value);
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
