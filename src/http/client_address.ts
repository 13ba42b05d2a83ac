/**
 * The address that a request comes from: that of the other end of its connection or, behind a proxy,
 * what the proxy says. The handler asks for each request; bans and throttles go by it.
 */

/** What a server knows of a request besides it: `Deno.serve` passes one. */
export type RequestInfo = {
  /** The other end of the connection. */
  readonly remoteAddr: Deno.Addr;
};

/**
 * The client's IP address, or `undefined` where it is not known. With `header` its last entry counts,
 * the one that the nearest proxy wrote: those before are what the client says of itself.
 */
export function clientAddress(
  request: Request,
  info: RequestInfo | undefined,
  header: string | undefined,
): string | undefined {
  if (header !== undefined) return plainAddress(request.headers.get(header)?.split(",").at(-1));
  return info !== undefined && "hostname" in info.remoteAddr ? info.remoteAddr.hostname : undefined;
}

/** An address without brackets and port; `undefined` for what is none. */
function plainAddress(text: string | undefined): string | undefined {
  const [, bracketed, withPort] = /^(?:\[([\da-f:.]+)\](?::\d+)?|([\d.]+):\d+)$/i
    .exec(text?.trim() ?? "") ?? [];
  const address = bracketed ?? withPort ?? text?.trim();
  return address !== undefined && /^[\da-f:.]+$/i.test(address) ? address : undefined;
}
