/** Typed lines. */
import assert from "node:assert/strict";
import { readLine } from "../../../cli/repl/line_command.ts";

for (
  const [line, command] of [
    ["", { kind: "nothing" }],
    ["   ", { kind: "nothing" }],
    ["join ann room1", { kind: "join", userId: "ann", roomId: "room1" }],
    ["  join  ann \t room1 ", { kind: "join", userId: "ann", roomId: "room1" }],
    ["leave", { kind: "leave" }],
    ["chat hello  you", { kind: "chat", text: "hello  you", to: undefined }],
    ["chat @bob psst, you", { kind: "chat", text: "psst, you", to: "bob" }],
    ["chat a@b", { kind: "chat", text: "a@b", to: undefined }],
    ['send {"type":"ping","at":1}', { kind: "send", frame: '{"type":"ping","at":1}' }],
    ["state audio=on hand=off", { kind: "state", changes: { audio: true, hand: false } }],
    ["ping", { kind: "ping" }],
    ["users", { kind: "users" }],
    ["raw on", { kind: "raw", isOn: true }],
    ["help", { kind: "help" }],
    ["quit", { kind: "quit" }],
    ["exit", { kind: "quit" }],
  ] as const
) {
  Deno.test(`readLine reads "${line}"`, () => {
    assert.deepEqual(readLine(line), command);
  });
}

for (
  const line of [
    "dance",
    "join",
    "join ann",
    "join ann room1 surplus",
    "leave now",
    "chat",
    "chat @bob",
    "send",
    "send nonsense",
    "send [1]",
    'send "text"',
    "state",
    "state audio",
    "state audio=maybe",
    "state toString=on",
    "raw",
    "raw perhaps",
    "__proto__",
  ]
) {
  Deno.test(`readLine refuses "${line}" with a hint`, () => {
    const command = readLine(line);

    assert.ok(command.kind === "wrong");
    assert.match(command.problem, /^Cannot .+: (expected|try) /);
  });
}
