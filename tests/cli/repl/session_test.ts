/** The interactive client's session against a real server and a network that is cut. */
import assert from "node:assert/strict";
import { systemClock } from "../../../src/base/mod.ts";
import { Session } from "../../../cli/repl/session.ts";
import { makeStream } from "../../../cli/terminal.ts";
import { TcpProxy } from "../../support/tcp_proxy.ts";
import { TestServer } from "../../support/test_server.ts";
import { waitUntil } from "../../support/wait_until.ts";

async function open(address: string, isReturning: boolean) {
  const lines: string[] = [];
  const lost: number[] = [];
  const session = await Session.open({
    url: `${address.replace("http:", "ws:")}/ws`,
    connectTimeoutMs: 5_000,
    clock: systemClock,
    isReturning,
    stream: makeStream(() => {}, { isTty: false, hasColour: false }),
    print: (line) => lines.push(line),
    onLost: ({ code }) => lost.push(code),
  });
  const until = (text: string) =>
    waitUntil(() => lines.some((line) => line.includes(text)) ? undefined : lines.join(" | "));
  return { session, lines, lost, until };
}

Deno.test("[RE4] Session takes its seat again after the network was cut, and misses nothing", async () => {
  const server = TestServer.start();
  const network = new TcpProxy(server.port);
  const bob = await server.join("test", "bob");
  const { session, lines, until } = await open(network.address, true);
  await session.run({ kind: "join", roomId: "test", userId: "ann" });
  await bob.hear("user-joined");

  network.cut();
  await bob.hear("participant-updated");
  bob.say({ type: "chat", text: "while away" });
  await until("bob: while away");

  assert.ok(lines.some((line) => line.startsWith("Connection lost, connecting again in ")));
  assert.ok(lines.includes("You are back, with 1 messages to catch up on"), lines.join(" | "));
  assert.deepEqual(session.users, ["bob", "ann"]);
  assert.deepEqual([bob.count("user-joined"), bob.count("user-left")], [1, 0]);
  await session.close();
  await network.close();
  await bob.close();
  await server.close();
});

Deno.test("[RE8] Session joins anew where its seat is gone", async () => {
  const server = TestServer.start("--resume-grace-ms", "1");
  const network = new TcpProxy(server.port);
  const bob = await server.join("test", "bob");
  const { session, until } = await open(network.address, true);
  await session.run({ kind: "join", roomId: "test", userId: "ann" });

  network.cut();
  assert.equal((await bob.hear("user-left")).reason, "timeout");
  await until("[resume-expired]");
  await bob.hear("user-joined");

  await waitUntil(() => session.users.length === 2 ? undefined : session.users.join());
  await session.close();
  await network.close();
  await bob.close();
  await server.close();
});

Deno.test("Session ends with the connection where nobody asked it to come back", async () => {
  const server = TestServer.start();
  const network = new TcpProxy(server.port);
  const { session, lost } = await open(network.address, false);

  network.cut();
  await waitUntil(() => lost.length === 1 ? undefined : "it goes on");
  await session.close();

  assert.deepEqual(lost, [1006]);
  await network.close();
  await server.close();
});

Deno.test("Session.close ends a session that is on its way back", async () => {
  const server = TestServer.start();
  const network = new TcpProxy(server.port);
  const { session, until } = await open(network.address, true);
  await network.close();
  await until("Connection lost");

  await session.run({ kind: "chat", text: "x", to: undefined });
  await session.close();

  await until("Not connected at the moment");
  await server.close();
});
