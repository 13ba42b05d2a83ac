/** What the doctor says of a WebSocket, through proxies and servers that are not as they should be. */
import assert from "node:assert/strict";
import {
  judgeCompression,
  judgeLargeMessage,
  judgeLatency,
  judgeOrigin,
  judgeSilence,
  judgeUpgrade,
} from "../../../cli/doctor/socket_checks.ts";
import { Interrupted } from "../../../cli/scenarios/waiting.ts";
import { Answering, lookAt, OtherServer, strippingProxy } from "../../support/doctor_fixture.ts";
import { TestServer } from "../../support/test_server.ts";
import { SECRET, sign } from "../../support/tokens.ts";

const WELCOME = '{"type":"welcome","protocol":"signalbox.v1","heartbeatMs":200}';

Deno.test("the checks find our own server well", async () => {
  const server = TestServer.start("--heartbeat-ms", "1000");
  const context = lookAt(server.url("/"));

  for (const judge of [judgeUpgrade, judgeOrigin, judgeCompression, judgeLargeMessage]) {
    const outcome = await judge(context);
    assert.equal(outcome.state, "ok", outcome.found);
  }
  assert.match((await judgeLatency(context)).found, /^\d+\.\d ms \(median of 10, at most /);
  assert.match((await judgeLargeMessage(context)).found, /^65536 bytes pass$/);
  await server.close();
});

Deno.test("[CO8] judgeSilence outlives a heartbeat and counts the pings", async () => {
  const server = TestServer.start("--heartbeat-ms", "1000");

  const outcome = await judgeSilence(lookAt(server.url("/")));
  await server.close();

  assert.equal(outcome.state, "ok", outcome.found);
  assert.match(outcome.found, /alive after 1\.3 s of silence, [1-9]\d* pings came/);
});

Deno.test("judgeSilence waits as long as it is told, or not at all", async () => {
  const server = TestServer.start();

  const short = await judgeSilence(lookAt(server.url("/"), { waitMs: 20 }));
  const none = await judgeSilence(lookAt(server.url("/"), { waitMs: 0 }));
  await server.close();

  assert.equal(short.state, "ok");
  assert.match(short.found, /the heartbeat is 15 s/);
  assert.equal(none.state, "skipped");
});

Deno.test("judgeSilence finds a connection that is ended for being silent", async () => {
  await using server = await OtherServer.start((socket) => {
    socket.send(WELCOME, () => socket.close(1001, "idle"));
  });

  const outcome = await judgeSilence(lookAt(server.address));

  assert.equal(outcome.state, "fail");
  assert.match(outcome.found, /ended after 0\.\d s of silence: closed with 1001 "idle"/);
  assert.match(outcome.advice ?? "", /idle timeout above --heartbeat-ms \(0\.2 s/);
});

Deno.test("judgeSilence notices that no ping comes through", async () => {
  await using server = await OtherServer.start((socket) => {
    socket.send(WELCOME);
    socket.on("message", () => socket.send('{"type":"pong"}'));
  });

  const outcome = await judgeSilence(lookAt(server.address));

  assert.equal(outcome.state, "warn", outcome.found);
});

Deno.test("judgeSilence ends when it is told to stop", async () => {
  const server = TestServer.start();
  const controller = new AbortController();
  const waiting = judgeSilence(lookAt(server.url("/"), { signal: controller.signal }));

  controller.abort();

  await assert.rejects(waiting, Interrupted);
  await server.close();
});

Deno.test("[CO1] judgeUpgrade explains a proxy that strips Upgrade", async () => {
  const server = TestServer.start();
  await using proxy = strippingProxy(server.url("").replace(/\/$/, ""));

  const outcome = await judgeUpgrade(lookAt(proxy.address));
  await server.close();

  assert.equal(outcome.state, "fail");
  assert.match(outcome.found, /^426: Cannot answer without an upgrade/);
  assert.match(outcome.advice ?? "", /drops the Upgrade header/);
});

Deno.test("[CO1] judgeOrigin explains an origin that the server does not know", async () => {
  const server = TestServer.start("--origin", "https://rooms.example.org");

  const wrong = await judgeOrigin(lookAt(server.url("/")));
  const right = await judgeOrigin(lookAt(server.url("/"), { origin: "https://rooms.example.org" }));
  await server.close();

  assert.equal(wrong.state, "fail");
  assert.match(wrong.found, /^403: /);
  assert.match(
    wrong.advice ?? "",
    /--origin http:\/\/127\.0\.0\.1:\d+, or let the proxy pass Host/,
  );
  assert.equal(right.state, "ok", right.found);
});

Deno.test("[TK1] judgeUpgrade explains that a token is demanded, and shows the one it has", async () => {
  const server = TestServer.start("--token-secret", SECRET);

  const without = await judgeUpgrade(lookAt(server.url("/")));
  const bad = await judgeUpgrade(lookAt(server.url("/"), { token: "nonsense" }));
  const good = await judgeUpgrade(lookAt(server.url("/"), { token: await sign({}) }));
  await server.close();

  assert.match(without.advice ?? "", /give one with --token/);
  assert.match(bad.advice ?? "", /server's own key/);
  assert.equal(good.state, "ok", good.found);
});

Deno.test("[CO2] judgeUpgrade finds a server of another kind", async () => {
  await using silent = await OtherServer.start((socket) => socket.close(1011, "oops"));
  await using other = await OtherServer.start((socket) => {
    socket.send('{"type":"welcome","protocol":"other"}');
  });
  await using noJson = await OtherServer.start((socket) => {
    socket.send("hello", () => socket.close(1000));
  });

  const [first, second, third] = [
    await judgeUpgrade(lookAt(silent.address)),
    await judgeUpgrade(lookAt(other.address)),
    await judgeUpgrade(lookAt(noJson.address)),
  ];

  assert.match(first.found, /no welcome comes: closed with 1011 "oops"/);
  assert.match(second.found, /it greets with "other"/);
  assert.equal(third.state, "fail");
});

Deno.test("[CO3] judgeUpgrade finds that the subprotocol is not selected", async () => {
  await using server = new Answering((request) => Deno.upgradeWebSocket(request).response);

  const outcome = await judgeUpgrade(lookAt(server.address));

  assert.equal(outcome.state, "fail");
  assert.match(outcome.found, /signalbox\.v1 is not selected/);
});

Deno.test("[ME7] judgeCompression notices somebody who compresses", async () => {
  await using server = await OtherServer.start(() => {}, { perMessageDeflate: true });

  const outcome = await judgeCompression(lookAt(server.address));

  assert.equal(outcome.state, "warn");
  assert.match(outcome.found, /permessage-deflate/);
});

Deno.test("[ME3] judgeLargeMessage goes by the server's own limit", async () => {
  const server = TestServer.start("--max-message-bytes", "2000");

  const outcome = await judgeLargeMessage(lookAt(server.url("/")));
  await server.close();

  assert.equal(outcome.found, "2000 bytes pass");
});

Deno.test("judgeLargeMessage finds a bound between", async () => {
  await using server = await OtherServer.start((socket) => {
    socket.send(WELCOME);
    socket.on("message", () => socket.send('{"type":"pong"}'));
  }, { maxPayload: 1_024 });

  const outcome = await judgeLargeMessage(lookAt(server.address));

  assert.equal(outcome.state, "fail");
  assert.match(outcome.found, /65536 bytes do not pass: closed with 1009/);
});

Deno.test("judgeLatency finds a ping that is not answered", async () => {
  await using server = await OtherServer.start((socket) => {
    socket.send(WELCOME);
    socket.on("message", () => socket.terminate());
  });

  const outcome = await judgeLatency(lookAt(server.address));

  assert.equal(outcome.state, "fail");
  assert.match(outcome.found, /ping 1 is not answered: closed with 1006/);
});
