/**
 * PeerServer as its README starts it, with a handler for errors, without which a frame that is not JSON
 * would end its process. The tests start it as a process; by hand:
 *
 *     deno run -A tests/support/peerjs_server.ts
 *
 * It prints its URL as the first line and runs until it is ended.
 */
import type { AddressInfo } from "node:net";
import { PeerServer } from "peer";

const server = PeerServer({ port: 0, host: "127.0.0.1", path: "/" }, async (listening) => {
  const { port } = listening.address() as AddressInfo; // It is bound to an address and a port.
  await Deno.stdout.write(new TextEncoder().encode(`http://127.0.0.1:${port}/\n`));
});
if (!Deno.args.includes("--without-error-handler")) server.on("error", () => {});
