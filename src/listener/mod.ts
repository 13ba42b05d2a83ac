/**
 * Ports: two ways to serve one handler and one door. `Deno.serve` for loopback, `ws` on `node:http`
 * for the open internet; the certificate that they serve with, and its renewal.
 *
 * ```ts
 * import { listenDeno } from "./mod.ts";
 *
 * const address = { hostname: "127.0.0.1", port: 0, tls: undefined };
 * const listener = listenDeno(address, () => new Response("hello"));
 * const response = await fetch(`http://127.0.0.1:${listener.port}/`);
 * if (await response.text() !== "hello") throw new Error("the port does not answer");
 * await listener.shutdown();
 * ```
 *
 * @module
 */
export { listenDeno } from "./deno_listener.ts";
export type { Listener, ListenerAddress } from "./listener.ts";
export { checkTlsPair, type TlsPair, type TlsWatchOptions, watchTlsPair } from "./tls_pair.ts";
export { listenWs, type WsListenerOptions } from "./ws_listener.ts";
