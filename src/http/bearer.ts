/** The access token of a request, wherever it stands. The doors of the socket and of media ask it. */

/** The token of the header or else of the query; `undefined`: the request shows none. */
export function bearerOf(request: Request): string | undefined {
  const header = request.headers.get("authorization");
  if (header !== null) return /^Bearer +(\S+)$/i.exec(header)?.[1];
  // Browsers cannot set headers on a socket, nor every encoder on WHIP (RFC 6750, section 2.3).
  return new URL(request.url).searchParams.get("access_token") ?? undefined;
}
