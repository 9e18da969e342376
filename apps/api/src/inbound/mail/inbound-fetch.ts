const timeoutMs = 5_000;
const longest = 100_000;

/** Gets a text by HTTPS, without following redirects. @throws if there is none, or it is too long */
export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok || response.body === null) throw new Error(`Answered ${String(response.status)}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Counted during the download: not every response has a length.
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    length += chunk.length;
    if (length > longest) throw new Error(`Answered more than ${String(longest)} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
