/** An actor against a real server: it takes what comes strictly in order, and finds what does not fit. */
import assert from "node:assert/strict";
import { Actor } from "../../../cli/conformance/actor.ts";
import { Transcript } from "../../../cli/conformance/transcript.ts";
import { Finding } from "../../../cli/conformance/verdict.ts";
import { systemClock } from "../../../src/base/mod.ts";
import { relayFrame } from "../../support/relay_frames.ts";
import { TestServer } from "../../support/test_server.ts";

function setUp() {
  const server = TestServer.start();
  const transcript = new Transcript(systemClock);
  const connect = (name: string, timeoutMs = 10_000) =>
    Actor.connect({
      name,
      url: `ws://127.0.0.1:${server.port}/ws`,
      clock: systemClock,
      timeoutMs,
      transcript,
    });
  return { server, transcript, connect };
}

/** The finding of a promise that has to reject with one. */
async function findingOf(promise: Promise<unknown>): Promise<Finding> {
  const error = await promise.then(() => undefined, (error: unknown) => error);
  assert.ok(error instanceof Finding, `${error}`);
  return error;
}

Deno.test("Actor hears what it expects, in order, and nothing more", async () => {
  const { server, connect, transcript } = setUp();
  const [ann, bob] = [await connect("ann"), await connect("bob")];
  await ann.join("test");
  await bob.join("test");
  await ann.hear("user-joined", { userId: "bob" });
  await bob.ask({ type: "chat", text: "Hello" }, "chat", { text: "Hello" });
  await ann.hear("chat", { from: "bob" });
  await ann.hearNothing();

  assert.ok(
    transcript.lines.some(({ who, way, text }) =>
      who === "bob" && way === ">" && text.includes('"Hello"')
    ),
  );
  await Promise.all([ann.close(), bob.drop()]);
  await server.close();
});

Deno.test("Actor finds a message too many, at its place and at the barrier", async () => {
  const { server, connect } = setUp();
  const [ann, bob] = [await connect("ann"), await connect("bob")];
  await ann.join("test");
  await bob.join("test");
  await bob.ask({ type: "chat", text: "Hello" }, "chat");

  const atPlace = await findingOf(ann.hear("chat"));
  assert.match(atPlace.seen, /^\{"type":"user-joined"/);
  const atBarrier = await findingOf(ann.hearNothing());
  assert.match(atBarrier.seen, /^\{"type":"chat"/);
  await Promise.all([ann.close(), bob.close()]);
  await server.close();
});

Deno.test("Actor finds what is missing: after its time, or at the end of the connection", async () => {
  const { server, connect } = setUp();
  const [ann, bob] = [await connect("ann", 200), await connect("bob")];

  const late = await findingOf(ann.hear("chat", { from: "bob" }));
  assert.equal(late.expected, 'ann hears chat with from "bob"');
  assert.equal(late.seen, "nothing within 200 ms");
  for (let n = 0; n < 10; n++) bob.sayText("{");
  for (let n = 0; n < 10; n++) await bob.hear("error");
  assert.match((await findingOf(bob.hear("chat"))).seen, /ended with 1008 bad-message/);
  assert.match((await findingOf(bob.hearEnd({ code: 1000 }))).expected, /close code 1000/);
  await ann.close();
  await server.close();
});

Deno.test("Actor refuses what the schema does not allow, whatever was expected", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "signalbox.v1" });
    socket.onopen = () => socket.send('{"type":"user-left","roomId":"test"}');
    return response;
  });
  const actor = await Actor.open({
    name: "ann",
    url: `ws://127.0.0.1:${server.addr.port}/ws`,
    clock: systemClock,
    timeoutMs: 10_000,
    transcript: new Transcript(systemClock),
  });

  const finding = await findingOf(actor.hear("user-left"));
  assert.match(finding.expected, /^a user-left as its schema has it/);
  await actor.close();
  await server.shutdown();
});

Deno.test("[FR6] Actor sees relayed frames in order, and finds one too many and one that differs", async () => {
  const { server, connect, transcript } = setUp();
  const [ann, bob] = [await connect("ann"), await connect("bob", 300)];
  await ann.join("test", { role: "broadcaster", relay: true });
  await bob.join("test");
  await ann.hear("user-joined");
  await bob.ask({ type: "request-relay", roomId: "test" }, "relay-started");
  await ann.hear("relay-wanted");

  for (const number of [1, 2, 3, 4]) ann.sayBytes(relayFrame({ number, isKey: true }));
  await bob.see({ number: 1, kind: "vp8" });
  const other = await findingOf(bob.see({ number: 7 }));
  assert.match(other.expected, /number of a frame for bob/);
  const tooMany = await findingOf(bob.hearNothing());
  assert.match(tooMany.seen, /^vp8 3 of source 1, key/);
  assert.deepEqual(bob.seeRest().map(({ number }) => number), [3, 4]);
  const missing = await findingOf(bob.see({ number: 5 }));

  assert.match(missing.seen, /nothing within 300 ms/);
  assert.ok(transcript.lines.some(({ text }) => text === "(vp8 1 of source 1, key, 1 bytes)"));
  await Promise.all([ann.close(), bob.close()]);
  await server.close();
});
