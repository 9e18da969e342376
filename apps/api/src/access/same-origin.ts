/** The headers of a request that show its origin. */
export interface OriginHeaders {
  readonly origin?: string;
  readonly host?: string;
  readonly 'sec-fetch-site'?: string | string[];
}

/**
 * Whether the browser's headers show that the request comes from our own pages. A request with neither header is not from a browser that
 * could be trusted, so it does not count.
 * @param publicUrl the address behind a proxy, whose host the Host header may not show
 */
export function isSameOrigin(headers: OriginHeaders, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  if (headers.origin === undefined || !URL.canParse(headers.origin)) return false;
  const origin = new URL(headers.origin);
  return origin.host === headers.host || origin.origin === new URL(publicUrl).origin;
}
