/** The native socket behind the Socket interface, with a real peer at the other end. */
import assert from "node:assert/strict";
import { systemClock } from "../../src/base/mod.ts";
import { attachDenoSocket } from "../../src/signaling/mod.ts";
import { socketContract, type StartSockets, watchSockets } from "../contracts/socket_contract.ts";
import { RawSocket } from "../support/raw_socket.ts";

const start: StartSockets = (listener) => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const protocol = request.headers.get("sec-websocket-protocol") ?? "";
    const { socket, response } = Deno.upgradeWebSocket(
      request,
      protocol === "" ? {} : { protocol },
    );
    attachDenoSocket(socket, listener, { clock: systemClock, protocol });
    return response;
  });
  return Promise.resolve({ port: server.addr.port, close: () => server.shutdown() });
};

socketContract("DenoSocket", start);

Deno.test("DenoSocket drops a peer whose text is not UTF-8 without a word", async () => {
  const { server, events, until } = await watchSockets(start);
  const raw = await RawSocket.open(server.port);
  await raw.readUntil("\r\n\r\n");

  await raw.writeFrame(new Uint8Array([0xc0, 0xaf]));
  await until("closed");

  assert.deepEqual(events, ["open", "closed"]);
  raw.drop();
  await server.close();
});
