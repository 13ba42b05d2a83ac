/** Guest reports by itself what no script can make right, and never waits for ever. */
import assert from "node:assert/strict";
import { Guest } from "../../../../cli/scenarios/regressions/guest.ts";
import type { Message } from "../../../../cli/scenarios/regressions/guest_view.ts";
import { noActions, type PhaseContext } from "../../../../cli/scenarios/phase_context.ts";
import { Progress } from "../../../../cli/scenarios/progress.ts";
import { SeededRandom } from "../../../../cli/scenarios/random.ts";
import { RoomProbe } from "../../../../cli/scenarios/room_probe.ts";
import { Interrupted, Stalled } from "../../../../cli/scenarios/waiting.ts";
import { readTarget } from "../../../../cli/target.ts";
import { RunRecord } from "../../../../cli/verify/mod.ts";
import { systemClock } from "../../../../src/base/mod.ts";
import { waitUntil } from "../../../support/wait_until.ts";

const JOIN = { type: "join", roomId: "test", userId: "ann", resumable: true };
const JOINED = {
  ...{ type: "joined", roomId: "test", userId: "ann", requestId: 1, resumeToken: "t" },
  users: ["bob", "ann"],
};
const HELLO = { type: "chat", from: "bob", text: "Hello", seq: 1 };

/** What the server sends after `joined`, and the rules that it breaks. */
const STORIES: Readonly<Record<string, { sent: (object | string | number)[]; rules: string[] }>> = {
  "nothing wrong": { sent: [HELLO, { ...HELLO, seq: 2 }], rules: [] },
  "no object": { sent: [7, HELLO], rules: ["ME1"] },
  "no JSON": { sent: ["{", HELLO], rules: ["CO6"] },
  "one who is there joins": {
    sent: [{ type: "user-joined", roomId: "test", userId: "bob", seq: 1 }, { ...HELLO, seq: 2 }],
    rules: ["JO3"],
  },
  "one who is not there leaves": {
    sent: [{ type: "user-left", roomId: "test", userId: "eve", seq: 1 }, { ...HELLO, seq: 2 }],
    rules: ["LE3"],
  },
  "a word of another room": {
    sent: [{ type: "user-joined", roomId: "other", userId: "eve", seq: 1 }, { ...HELLO, seq: 2 }],
    rules: ["OR2"],
  },
  "a second answer": { sent: [JOINED, HELLO], rules: ["ME4"] },
  "a gap": { sent: [{ ...HELLO, seq: 2 }], rules: ["RE2"] },
  "a gap that was told of": {
    sent: [{ type: "lagged", dropped: 4 }, { ...HELLO, seq: 6 }],
    rules: [],
  },
  "a roster without the receiver": {
    sent: [{ type: "snapshot", roomId: "test", users: ["bob"] }, HELLO],
    rules: ["BP2"],
  },
  "a word after the end of the stay": {
    sent: [{ type: "leaved", roomId: "test", reason: "kicked" }, HELLO],
    rules: ["OR2"],
  },
};

for (const [name, { sent, rules }] of Object.entries(STORIES)) {
  Deno.test(`[${rules[0] ?? "OR1"}] Guest judges what it hears: ${name}`, async () => {
    await using server = serve(sent);
    const guest = new Guest("ann", "test", server.context);
    await guest.connect();

    await guest.ask(JOIN);
    await guest.hear({ rule: "CH1", message: "chat", isIt: ({ type }) => type === "chat" });
    await guest.close();

    assert.deepEqual(server.context.run.findings.kept.map(({ rule }) => rule), rules);
  });
}

Deno.test("[CO9] Guest reports an end that it was not told to expect", async () => {
  await using server = serve([]);
  const guest = new Guest("ann", "test", server.context);
  await guest.connect();
  await guest.ask(JOIN);

  server.endAll();
  await waitUntil(() => guest.end === undefined ? "the connection is open" : undefined);

  assert.deepEqual(server.context.run.findings.rules, ["CO9"]);
  await guest.close();
});

Deno.test("[ME4] Guest reports a question without an answer, also after its end", async () => {
  await using server = serve([]);
  const guest = new Guest("ann", "test", server.context);
  await guest.connect();

  await assert.rejects(guest.ask({ type: "leave" }), Stalled);
  await guest.close();
  await assert.rejects(guest.ask({ type: "leave" }), Stalled);
  await guest.close();

  assert.equal(server.context.run.findings.countOf("ME4"), 2);
});

Deno.test("Guest waits no longer when the run is told to stop, and asks nothing more", async () => {
  const controller = new AbortController();
  await using server = serve([]);
  const guest = new Guest("ann", "test", { ...server.context, signal: controller.signal });
  await guest.connect();

  const asked = guest.ask({ type: "leave" });
  controller.abort();

  await assert.rejects(asked, Interrupted);
  await assert.rejects(guest.ask({ type: "leave" }), Interrupted);
  assert.equal(server.context.run.findings.total, 0);
  await guest.close();
});

Deno.test("[CO2] Guest reports a server that says nothing first", async () => {
  await using server = serve([], { isSilent: true });
  const guest = new Guest("ann", "test", server.context);

  await assert.rejects(guest.connect(), Stalled);
  await guest.close();

  assert.deepEqual(server.context.run.findings.rules, ["CO2"]);
});

/** A server that welcomes, answers each join and then sends `sent`, and answers nothing else. */
function serve(
  sent: readonly (object | string | number)[],
  { isSilent = false } = {},
): { context: PhaseContext; endAll: () => void } & AsyncDisposable {
  const sockets = new Set<WebSocket>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "signalbox.v1" });
    const say = (one: object | string | number) =>
      socket.send(typeof one === "string" ? one : JSON.stringify(one));
    sockets.add(socket);
    socket.onopen = () => isSilent || say({ type: "welcome", protocol: "signalbox.v1" });
    socket.onmessage = ({ data }) => {
      if ((JSON.parse(data) as Message).type !== "join") return;
      for (const one of [JOINED, ...sent]) say(one);
    };
    return response;
  });
  const url = `ws://127.0.0.1:${server.addr.port}`;
  return {
    context: contextOf(url),
    endAll: () => sockets.forEach((socket) => socket.close(1011)),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function contextOf(url: string): PhaseContext {
  const run = new RunRecord();
  const timeoutMs = 300;
  const settings = {
    ...{ scenario: "slow-reader", users: 1, rooms: 1, room: "test", holdMs: 0, churn: 0 },
    ...{ dropRatio: 0, seed: 1, timeoutMs },
  };
  return {
    settings,
    run,
    clock: systemClock,
    signal: new AbortController().signal,
    random: new SeededRandom(1),
    progress: new Progress([]),
    users: [],
    rooms: [],
    shared: {
      ...{ url, clock: systemClock, run, timeoutMs, isResumable: false },
      trace: () => undefined,
      faults: undefined,
    },
    counts: noActions(),
    probe: new RoomProbe(readTarget(url), systemClock),
    canSeeRooms: false,
    step: 1,
    notes: [],
  };
}
