/**
 * A server that checks talk to, and what is known of it: the one of `--url`, or one that the run has
 * started with settings of its own.
 */

/** Which listener serves there; `undefined`: not known. Some rules hold for one of them alone. */
export type ListenerKind = "deno" | "ws" | undefined;

/** One server. */
export type Place = {
  /** Where it listens over HTTP, without a slash at the end. */
  readonly address: string;
  /** Its WebSocket. */
  readonly socketUrl: string;
  readonly listener: ListenerKind;
  /** The secret of its access tokens, where it demands them and the secret is known. */
  readonly tokenSecret: string | undefined;
  /** Stops it; only where the run has started it. */
  readonly stop: (() => Promise<void>) | undefined;
};

/** The place behind the address of a server of our own. */
export function ownPlace(
  server: { readonly address: string; readonly stop: () => Promise<void> },
  known: Pick<Place, "listener" | "tokenSecret">,
): Place {
  const { address, stop } = server;
  return { address, socketUrl: `${address.replace(/^http/, "ws")}/ws`, stop, ...known };
}

/** The place that `--url` names, from its WebSocket's URL. */
export function foreignPlace(
  socketUrl: string,
  known: Pick<Place, "listener" | "tokenSecret">,
): Place {
  const url = new URL(socketUrl);
  const scheme = url.protocol === "wss:" ? "https" : "http";
  const base = url.pathname.replace(/\/ws$/, "");
  return { address: `${scheme}://${url.host}${base}`, socketUrl, stop: undefined, ...known };
}
