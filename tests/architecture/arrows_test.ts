/** Imports run one way. Fails naming file, line and arrow. */
import assert from "node:assert/strict";
import { badArrows, findRings } from "./arrows.ts";
import { readSources } from "./source.ts";

const sources = await readSources();

Deno.test("imports follow the arrows of the architecture", () => {
  assert.deepEqual(sources.flatMap(badArrows), []);
});

Deno.test("imports do not run in a ring", () => {
  assert.deepEqual(findRings(sources), []);
});

Deno.test("badArrows takes what the table allows", () => {
  const allowed = [
    ["src/rooms/room.ts", 'import { RoomId } from "../protocol/mod.ts";'],
    ["src/rooms/room.ts", 'import { outbound } from "./outbound.ts";'],
    ["src/rooms/room.ts", 'import type { Media } from "../media/port.ts";'],
    ["src/signaling/hub.ts", 'import { RoomRegistry } from "../rooms/mod.ts";'],
    ["src/http/routes.ts", 'import { Hub } from "../signaling/mod.ts";'],
    ["src/app.ts", 'import { readConfig } from "./config.ts";'],
    ["src/app.ts", 'import { Media } from "./media/mod.ts";'],
    ["src/media/sfu/slot.ts", 'import { packet } from "../rtp/packet.ts";'],
    ["server.ts", 'import { createApp } from "./src/app.ts";'],
    ["static/call/session.ts", 'import { unpackFrame } from "../../src/protocol/wire.ts";'],
    ["static/call/session.ts", 'import type { RoomId } from "../../src/protocol/mod.ts";'],
    ["cli/client.ts", 'import { type RoomId } from "../src/protocol/mod.ts";'],
    ["cli/client.ts", 'import { MAX_TEXT_LENGTH } from "../src/protocol/limits.ts";'],
    ["cli/client.ts", 'import { systemClock } from "../src/base/mod.ts";'],
    ["cli/local_server_worker.ts", 'import { createApp } from "../src/app.ts";'],
    ["cli/local_server_worker.ts", 'import { openMediaPlane } from "../src/media_plane.ts";'],
    ["cli/media/row.ts", 'import { RtpPacket } from "../../src/media/rtp/packet.ts";'],
    ["cli/media/engine.ts", 'await import("../../src/media/child/native.ts");'],
    ["cli/conformance/own_servers_worker.ts", 'import { listen } from "../../src/listen.ts";'],
    ["tests/rooms/room_test.ts", 'import { Room } from "../../src/rooms/room.ts";'],
    ["src/base/log.ts", 'import { configure } from "@logtape/logtape";'],
  ] as const;

  for (const [path, text] of allowed) assert.deepEqual(badArrows({ path, text }), []);
});

Deno.test("badArrows names file, line and arrow of what the table does not allow", () => {
  const forbidden = [
    ["src/base/clock.ts", "../protocol/mod.ts"],
    ["src/protocol/decode.ts", "../base/mod.ts"],
    ["src/rooms/room.ts", "../signaling/mod.ts"],
    ["src/rooms/room.ts", "../media/host.ts"],
    ["src/signaling/hub.ts", "../http/mod.ts"],
    ["src/signaling/hub.ts", "../rooms/room.ts"],
    ["src/http/routes.ts", "../app.ts"],
    ["src/http/routes.ts", "../config.ts"],
    ["src/rooms/room.ts", "./mod.ts"],
    ["src/media/host.ts", "../rooms/mod.ts"],
    ["src/newcomer/file.ts", "../base/mod.ts"],
    ["src/app.ts", "../server.ts"],
    ["src/app.ts", "../tests/support/fake_clock.ts"],
    ["server.ts", "./src/rooms/room.ts"],
    ["server.ts", "./cli/main.ts"],
    ["static/call/session.ts", "../../src/protocol/mod.ts"],
    ["static/call/session.ts", "../../src/protocol/decode.ts"],
    ["static/call/session.ts", "../../cli/client.ts"],
    ["cli/client.ts", "../src/app.ts"],
    ["cli/client.ts", "../src/rooms/mod.ts"],
    ["cli/local_server_worker.ts", "../src/rooms/mod.ts"],
    ["cli/local_server_worker.ts", "../src/listen.ts"],
    ["cli/client.ts", "../src/media/rtp/packet.ts"],
    ["cli/scenarios/table.ts", "../../src/media/port.ts"],
    ["cli/media/row.ts", "../../src/media/child/native.ts"],
    ["cli/media/row.ts", "../../src/media/sfu/room.ts"],
    ["cli/media/engine.ts", "../../src/media/host.ts"],
    ["cli/conformance/own_servers_worker.ts", "../../src/signaling/mod.ts"],
  ] as const;

  for (const [path, specifier] of forbidden) {
    const [found, ...more] = badArrows({ path, text: `\nimport { x } from "${specifier}";` });

    assert.deepEqual(more, []);
    assert.match(
      found ?? `${path} may import ${specifier}`,
      RegExp(`^${path}:2: ${path} -> \\S+: `),
    );
  }
});

Deno.test("findRings finds a ring, however long, and names its files", () => {
  const ring = [
    { path: "src/a.ts", text: 'import { b } from "./b.ts";' },
    { path: "src/b.ts", text: 'import { type C, c } from "./c.ts";\nimport "./leaf.ts";' },
    { path: "src/c.ts", text: 'export * from "./a.ts";' },
    { path: "src/leaf.ts", text: "" },
  ];

  assert.deepEqual(findRings(ring), ["src/a.ts -> src/b.ts -> src/c.ts -> src/a.ts"]);
  assert.deepEqual(findRings(ring.slice(1)), []);
  const types = { path: "src/b.ts", text: 'import { type C } from "./c.ts";' };
  assert.deepEqual(findRings([ring[0]!, types, ring[2]!]), []);
});
