/** What has to come before what, so that the server takes requests in the captured order. */
import assert from "node:assert/strict";
import { findNeeds } from "../../../cli/replay/causes.ts";
import type { Script } from "../../../cli/replay/script.ts";
import { scriptOf } from "../../support/capture_lines.ts";

const greeted = ["ann open", 'ann < {"type":"welcome"}', "bob open", 'bob < {"type":"welcome"}'];
const joins = [
  'ann > {"type":"join","roomId":"r","userId":"ann","requestId":1}',
  'ann < {"type":"joined","roomId":"r","userId":"ann","requestId":1}',
  'bob > {"type":"join","roomId":"r","userId":"bob","requestId":1}',
  'bob < {"type":"joined","roomId":"r","userId":"bob","requestId":1}',
  'ann < {"type":"user-joined","roomId":"r","userId":"bob"}',
];
const chat = (from: string, text: string, id: string) =>
  `{"type":"chat","from":"${from}","text":"${text}","messageId":"${id}"}`;
const own = (from: string, text: string, id: string) =>
  `{"type":"chat","from":"${from}","text":"${text}","messageId":"${id}","requestId":2}`;

Deno.test("a client sends what it sent once it has what it had", () => {
  assert.deepEqual(needsOf([...greeted, ...joins]), {
    "5 ann": { ann: 1 },
    // Bob's join shows at ann as her third message: the two before have to be there first.
    "7 bob": { bob: 1, ann: 2 },
  });
});

Deno.test("[OR1] two who speak at once speak again in the order that the room saw", () => {
  const lines = [
    ...greeted,
    ...joins,
    'ann > {"type":"chat","text":"A","requestId":2}',
    'bob > {"type":"chat","text":"B","requestId":2}',
    `bob < ${own("bob", "B", "1")}`,
    `bob < ${chat("ann", "A", "2")}`,
    `ann < ${chat("bob", "B", "1")}`,
    `ann < ${own("ann", "A", "2")}`,
  ];

  const needs = needsOf(lines);

  // Ann sent first, but the room saw bob first: ann waits for B, on either side.
  assert.deepEqual(needs["10 ann"], { ann: 4, bob: 3 });
  assert.deepEqual(needs["11 bob"], { bob: 2, ann: 3 });
});

Deno.test("[LE7] a connection is dropped after all that the others saw before they missed it", () => {
  const lines = [
    ...greeted,
    ...joins,
    "bob end 1006",
    'ann > {"type":"chat","text":"A","requestId":2}',
    `ann < ${own("ann", "A", "1")}`,
    'ann < {"type":"user-left","roomId":"r","userId":"bob","reason":"disconnected"}',
  ];

  assert.deepEqual(needsOf(lines)["10 bob"], { bob: 2, ann: 4 });
});

Deno.test("[RE4] what a resume brings says nothing of when it was done", () => {
  const lines = [
    ...greeted,
    ...joins,
    "bob end 1006",
    'ann > {"type":"chat","text":"A","requestId":2}',
    `ann < ${own("ann", "A", "1")}`,
    "bob open",
    'bob < {"type":"welcome"}',
    'bob > {"type":"resume","resumeToken":"t","requestId":4}',
    'bob < {"type":"resumed","missed":1,"requestId":4}',
    `bob < ${chat("ann", "A", "1")}`,
  ];

  assert.deepEqual(needsOf(lines)["11 ann"], { ann: 3 });
});

Deno.test("nobody waits for what comes of the own action, whatever the messages are", () => {
  const lines = [
    ...greeted,
    ...joins,
    'ann > {"type":"kick","userId":"bob","requestId":2}',
    'bob < {"type":"leaved","roomId":"r","userId":"bob","reason":"kicked"}',
    'ann < {"type":"user-left","roomId":"r","userId":"bob","reason":"kicked"}',
    'ann < {"type":"host-changed","userId":"ann"}',
    'ann < {"type":"ok","requestId":2}',
    'bob > {"type":"join","roomId":"r","userId":"bob","requestId":3}',
    'bob < {"type":"error","code":"not-allowed","requestId":3}',
  ];

  const needs = needsOf(lines);

  assert.deepEqual(needs["10 ann"], { ann: 3, bob: 2 });
  assert.deepEqual(needs["15 bob"], { bob: 3 });
});

/** By line and user, what each action waits for. */
function needsOf(lines: readonly string[]): Record<string, Record<string, number>> {
  const script: Script = scriptOf(...lines);
  findNeeds(script);
  return Object.fromEntries(
    script.clients.flatMap(({ user, connections }) =>
      connections.flatMap(({ actions }) =>
        actions.filter(({ kind }) => kind !== "connect").map(({ line, needs }) => [
          `${line} ${user}`,
          Object.fromEntries([...needs].map(([connection, count]) => [connection.user, count])),
        ])
      )
    ),
  );
}
