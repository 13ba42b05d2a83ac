/** The doctor's look at TURN servers: real ones, and what others would say. */
import assert from "node:assert/strict";
import {
  judgeAnswer,
  judgeTurn,
  judgeUrl,
  readTurnUrl,
  TURN_CHECK,
} from "../../../cli/doctor/turn_check.ts";
import { passwordOf } from "../../../src/turn/credentials.ts";
import {
  ATTRIBUTE,
  errorCode,
  METHOD,
  readMessage,
  writeMessage,
} from "../../../src/turn/stun_message.ts";
import { writeXorAddress } from "../../../src/turn/transport_address.ts";
import { Coturn } from "../../support/coturn.ts";
import { lookAt } from "../../support/doctor_fixture.ts";
import { freePort } from "../../support/ports.ts";
import { ServerProcess } from "../../support/server_process.ts";
import { soonUsername, TURN_SECRET, TurnLab } from "../../support/turn_lab.ts";

const context = lookAt("http://127.0.0.1:1");

function opener(port: number, transport: string, secret: string = TURN_SECRET) {
  const username = soonUsername();
  const url = `turn:127.0.0.1:${port}?transport=${transport}`;
  return { url, username, credential: passwordOf(username, secret) };
}

for (const transport of ["udp", "tcp"]) {
  Deno.test(`judgeUrl gets a relay of coturn over ${transport}, and says what it refuses`, async () => {
    await using coturn = await Coturn.start({ secret: TURN_SECRET });

    const good = await judgeUrl(opener(coturn.port, transport), context);
    const bad = await judgeUrl(opener(coturn.port, transport, "another secret"), context);

    assert.equal(good.state, "ok", good.found);
    assert.match(good.found, /^relays at 127\.0\.0\.1:\d+, \d+ ms$/);
    assert.equal(bad.state, "fail");
    assert.match(bad.found, /^401: /);
    assert.match(bad.advice ?? "", /same secret/);
  });

  Deno.test(`judgeUrl gets a relay of ours over ${transport}, and gives it back`, async () => {
    await using lab = await TurnLab.start();

    const { state } = await judgeUrl(opener(lab.port, transport), context);

    assert.equal(state, "ok");
    assert.equal(lab.server.allocationCount, 0);
  });
}

Deno.test("judgeUrl says that nobody answers, and which port to open", async () => {
  const port = freePort();

  const overUdp = await judgeUrl(opener(port, "udp"), context);
  const overTcp = await judgeUrl(opener(port, "tcp"), context);
  const named = { ...opener(port, "tcp"), url: "turn:no-such-host.invalid?transport=tcp" };

  assert.equal(overUdp.state, "fail");
  assert.match(overUdp.found, /^no answer within 5 s$|refused/i);
  assert.match(overUdp.advice ?? "", new RegExp(`open UDP port ${port} `));
  assert.equal(overTcp.state, "fail");
  assert.match(overTcp.found, /refused/i);
  assert.match(overTcp.advice ?? "", new RegExp(`open TCP port ${port} `));
  assert.equal((await judgeUrl(named, context)).state, "fail");
});

Deno.test("judgeUrl says that a URL is none, and what it does not speak", async () => {
  const { username, credential } = opener(1, "udp");
  const judge = (url: string) => judgeUrl({ url, username, credential }, context);

  assert.equal((await judge("turn:a b")).state, "fail");
  assert.equal((await judge("turns:a.example?transport=udp")).state, "skipped");
});

Deno.test("readTurnUrl knows the forms of RFC 7065 and their defaults", () => {
  const table: [string, ReturnType<typeof readTurnUrl>][] = [
    ["turn:a.example", { host: "a.example", port: 3478, transport: "udp" }],
    ["turn:a.example:80?transport=tcp", { host: "a.example", port: 80, transport: "tcp" }],
    ["turns:a.example", { host: "a.example", port: 5349, transport: "tls" }],
    ["turns:[2001:db8::1]:443?transport=tcp", { host: "2001:db8::1", port: 443, transport: "tls" }],
    ["turns:a.example?transport=udp", "dtls"],
    ["stun:a.example", undefined],
    ["turn:", undefined],
    ["turn:a.example?transport=quic", undefined],
  ];

  for (const [url, expected] of table) assert.deepEqual(readTurnUrl(url), expected, url);
});

/** What a server would answer. */
function answer(kind: "success" | "error", attributes: [number, Uint8Array][]) {
  const transactionId = new Uint8Array(12);
  return readMessage(writeMessage({ kind, method: METHOD.allocate, transactionId, attributes }))!;
}

Deno.test("judgeAnswer says what is wrong with an answer", () => {
  const far = { ms: 1, isLoopback: false };
  const at = (address: string) => {
    const relayed = writeXorAddress({ address, port: 9 }, new Uint8Array(12));
    return judgeAnswer(answer("success", [[ATTRIBUTE.xorRelayedAddress, relayed]]), far);
  };
  const refusing = (code: number) =>
    judgeAnswer(answer("error", [[ATTRIBUTE.errorCode, errorCode(code, "")]]), far);

  assert.equal(at("203.0.113.7").state, "ok");
  assert.match(at("10.0.0.7").found, /nobody outside reaches/);
  assert.equal(at("10.0.0.7").state, "warn");
  assert.match(judgeAnswer(answer("success", []), far).found, /no relay address/);
  for (const code of [401, 441, 486, 508, 403]) {
    assert.equal(refusing(code).state, "fail");
    assert.match(refusing(code).found, new RegExp(`^${code}: `));
  }
});

Deno.test("judgeTurn tries each URL that the server names, and says which fails", async () => {
  await using coturn = await Coturn.start({ secret: TURN_SECRET });
  const closed = freePort();
  const urls = [
    `turn:127.0.0.1:${coturn.port}?transport=udp`,
    `turn:127.0.0.1:${closed}?transport=tcp`,
  ];
  await using server = await ServerProcess.start({
    args: ["--turn-url", urls.join(), "--media", "off"],
    environment: { TURN_SECRET },
  });

  const { state, found, advice } = await judgeTurn(lookAt(server.address));

  assert.equal(state, "warn", found);
  assert.match(found, new RegExp(`:${coturn.port}\\?transport=udp relays at .*; turn:127`));
  assert.match(advice ?? "", new RegExp(`open TCP port ${closed} `));
});

Deno.test("judgeTurn fails where no URL works, and is skipped where there is none", async () => {
  await using coturn = await Coturn.start({ secret: "another secret, of coturn alone" });
  await using server = await ServerProcess.start({
    args: ["--turn-url", `turn:127.0.0.1:${coturn.port}`, "--media", "off"],
    environment: { TURN_SECRET },
  });
  await using none = await ServerProcess.start({ args: ["--media", "off"] });

  const failed = await judgeTurn(lookAt(server.address));
  const skipped = await judgeTurn(lookAt(none.address));

  assert.equal(failed.state, "fail", failed.found);
  assert.match(failed.found, /401/);
  assert.equal(skipped.state, "skipped");
  assert.match(skipped.found, /--turn-url/);
  assert.deepEqual(TURN_CHECK.needs, ["upgrade"]);
});
