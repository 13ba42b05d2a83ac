/** A capture as a script, with and without events. */
import assert from "node:assert/strict";
import { endOf, readScript, type Script } from "../../../cli/replay/script.ts";
import { readCapture } from "../../../cli/trace/capture_format.ts";
import { scriptOf } from "../../support/capture_lines.ts";

const welcome = '< {"type":"welcome"}';
const joined = (user: string) => `< {"type":"joined","userId":"${user}"}`;

Deno.test("readScript tells connections, what was done on them, and what came", () => {
  const script = scriptOf(
    "ann open",
    `ann ${welcome}`,
    'ann > {"type":"join"}',
    `ann ${joined("ann")}`,
    "ann end 1000",
    "ann open",
    `ann ${welcome}`,
    "ann end 1012",
  );

  assert.deepEqual(shape(script), [
    "ann: connect@1 send@3 end 1000@5 | 2 4",
    "ann: connect@6 | 7 8",
  ]);
  assert.equal(endOf(script.clients[0]!.connections[1]!), 1012);
  assert.equal(script.durationMs, 70);
});

Deno.test("readScript begins a connection with its welcome where there are no events", () => {
  const script = scriptOf(
    `ann ${welcome}`,
    'ann > {"type":"join"}',
    `ann ${welcome}`,
    'bob > {"type":"join"}',
  );

  assert.deepEqual(shape(script), [
    "ann: connect@1 send@2 end 1006@3 | 1",
    "ann: connect@3 | 3",
    "bob: connect@4 send@4 | ",
  ]);
});

Deno.test("[LE7, RE3] readScript learns from others how a connection ended", () => {
  const left = scriptOf(
    `ann ${welcome}`,
    `ann ${joined("a")}`,
    `bob ${welcome}`,
    'bob < {"type":"user-left","userId":"a","reason":"disconnected"}',
  );
  const lost = scriptOf(
    `ann ${welcome}`,
    `ann ${joined("a")}`,
    `bob ${welcome}`,
    'bob < {"type":"participant-updated","userId":"a","connected":false}',
    `ann ${welcome}`,
  );
  const said = scriptOf(
    `ann ${joined("a")}`,
    'bob < {"type":"user-left","userId":"a","reason":"left"}',
  );

  assert.equal(shape(left)[0], "ann: connect@1 end 1000@4 | 1 2");
  assert.equal(shape(lost)[0], "ann: connect@1 end 1006@4 | 1 2");
  assert.equal(shape(said)[0], "ann: connect@1 | 1");
});

Deno.test("readScript keeps one client whose name changes together", () => {
  const lines = [
    { at: 1, user: "this-tab", client: 0, direction: "in", message: { type: "welcome" } },
    { at: 2, user: "ann", client: 0, direction: "out", message: { type: "join" } },
  ];

  const script = readScript(readCapture(lines.map((line) => JSON.stringify(line)).join("\n")));

  assert.deepEqual(shape(script), ["this-tab: connect@1 send@2 | 1"]);
});

Deno.test("[SS2] readScript leaves out what comes by the clock, and knows a failed handshake", () => {
  const script = scriptOf(
    `ann ${welcome}`,
    'ann < {"type":"stats-summary","viewerCount":1}',
    "bob open",
    "bob end 1006",
  );

  assert.deepEqual(shape(script), ["ann: connect@1 | 1", "bob: connect@3 end 1006@4 | "]);
  assert.deepEqual(script.clients.map(({ connections }) => connections[0]!.isOpened), [
    true,
    false,
  ]);
});

Deno.test("readScript makes nothing of nothing", () => {
  assert.deepEqual(readScript([]), { clients: [], durationMs: 0 });
});

function shape({ clients }: Script): string[] {
  return clients.flatMap(({ connections }) => connections).map(({ user, actions, received }) => {
    const done = actions.map((one) =>
      `${one.kind}${one.kind === "end" ? ` ${one.code}` : ""}@${one.line}`
    );
    return `${user}: ${done.join(" ")} | ${received.map(({ line }) => line).join(" ")}`;
  });
}
