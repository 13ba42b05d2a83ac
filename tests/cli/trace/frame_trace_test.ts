/** What a trace hears of a real connection, and that two hear the same. */
import assert from "node:assert/strict";
import { Connection } from "../../../cli/client.ts";
import { type FrameTrace, mergeTraces } from "../../../cli/trace/frame_trace.ts";
import { TestServer } from "../../support/test_server.ts";

Deno.test("a trace hears a connection from its asking to its end, frames both ways", async () => {
  const server = TestServer.start();
  const heard: string[] = [];
  const { promise: welcomed, resolve } = Promise.withResolvers<void>();

  const connection = await Connection.connect(`ws://127.0.0.1:${server.port}/ws`, {
    timeoutMs: 5_000,
    trace: noting(heard),
    onMessage: () => resolve(),
    onEnd: () => {},
  });
  await welcomed;
  connection.send({ type: "ping", at: 1 });
  await connection.close();
  await server.close();

  assert.deepEqual(heard.map((line) => line.replace(/\{.*"type":"(\w+)".*/, "$1")), [
    "connecting",
    "opened",
    "received welcome",
    "sent ping",
    "ended 1000",
  ]);
});

Deno.test("merged traces hear the same, and none is none", () => {
  const one: string[] = [];
  const other: string[] = [];
  const both = mergeTraces([noting(one), undefined, noting(other)]);

  both?.connecting();
  both?.opened();
  both?.frame("sent", "x");
  both?.ended(1000, "");

  assert.deepEqual(one, ["connecting", "opened", "sent x", "ended 1000"]);
  assert.deepEqual(other, one);
  assert.equal(mergeTraces([undefined]), undefined);
});

function noting(heard: string[]): FrameTrace {
  return {
    connecting: () => heard.push("connecting"),
    opened: () => heard.push("opened"),
    frame: (direction, text) => heard.push(`${direction} ${text}`),
    ended: (code) => heard.push(`ended ${code}`),
  };
}
