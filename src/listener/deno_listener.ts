/**
 * The port behind `Deno.serve`: the runtime's own HTTP and WebSockets. It costs least and bounds
 * little, so it is for loopback and for behind a proxy (see Decisions in ARCHITECTURE.md).
 */
import type { Handler } from "../http/mod.ts";
import type { Listener, ListenerAddress } from "./listener.ts";

/** Starts to serve. Throws what `Deno.serve` throws for an address that cannot be bound. */
export function listenDeno(address: ListenerAddress, handler: Handler): Listener {
  const { hostname, port, tls } = address;
  const server = Deno.serve({ hostname, port, onListen() {}, ...tls }, handler);
  return {
    port: server.addr.port,
    renew: undefined,
    shutdown: () => server.shutdown(),
  };
}
