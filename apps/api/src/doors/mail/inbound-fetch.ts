const patienceMs = 5_000;
const longest = 100_000;

/** Gets a text by HTTPS, without following anywhere else. @throws where there is none, or it is too long */
export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(patienceMs) });
  if (!response.ok || Number(response.headers.get('content-length') ?? 0) > longest) throw new Error(`Answered ${String(response.status)}`);
  return response.text();
}
