/** Files stay small, say what they are, and have tests that mirror them. */
import assert from "node:assert/strict";
import { readSources, type Source, withoutComments } from "./source.ts";

const MAX_LINES = 450;
/** Files beyond this are named in the output: they are about to hold two ideas. */
const NOTABLE_LINES = 300;
/** Files without behaviour of their own, and why they have none. */
const WITHOUT_BEHAVIOUR: Record<string, string> = {
  "src/media/fake/fake_counters.ts": "a constant",
  "src/protocol/limits.ts": "constants",
  "src/protocol/shapes.ts": "schemas; each message that uses one is tested at its edges",
  "src/signaling/observer.ts": "an interface, and one of it that does nothing",
  "src/version.ts": "a constant",
};
/** Files that one other file alone uses, and the tests of that one, which reach all of it. */
const TESTED_THROUGH: Record<string, string> = {
  "src/media/data/data_stream.ts": "tests/media/data/data_relay_test.ts",
  "src/media/data/flow.ts": "tests/media/data/data_end_test.ts",
  "src/media/data/outbox.ts": "tests/media/data/data_end_test.ts",
  "src/process.ts": "tests/server_test.ts",
  "src/settings.ts": "tests/config_test.ts",
  "src/rooms/outbound.ts": "tests/rooms/room_test.ts",
  "src/media/port.ts": "tests/signaling/media_answers_test.ts",
  "src/listener/deno_listener.ts": "tests/server_test.ts",
  "src/listener/raw_response.ts": "tests/listener/ws_listener_test.ts",
  "src/http/openapi_media.ts": "tests/http/openapi_test.ts",
  "src/http/openapi_parts.ts": "tests/http/openapi_test.ts",
  "src/http/openapi_sessions.ts": "tests/http/openapi_test.ts",
  "src/http/request_environment.ts": "tests/http/rooms_api_test.ts",
  "src/http/session_media.ts": "tests/http/session_api_test.ts",
  "src/rooms/participant.ts": "tests/rooms/room_test.ts",
  "src/rooms/room_state.ts": "tests/rooms/room_test.ts",
  "src/rooms/room_codes.ts": "tests/rooms/registry_test.ts",
  "src/rooms/stats_schedule.ts": "tests/rooms/registry_test.ts",
  "src/media/child/run_process.ts": "tests/media/child/main_test.ts",
  "src/media/fake/fake_description.ts": "tests/media/fake/fake_media_plane_test.ts",
  "src/media/fake/fake_media_room.ts": "tests/media/fake/fake_media_plane_test.ts",
  "src/media/fake/fake_recorder.ts": "tests/media/fake/fake_media_plane_test.ts",
  "src/media/fake/fake_subscriber.ts": "tests/media/fake/fake_media_plane_test.ts",
  "src/media/host/hosted_room.ts": "tests/media/host_test.ts",
  "src/media/host/media_process.ts": "tests/media/host_test.ts",
  "src/media/host/process_slot.ts": "tests/media/host_test.ts",
  "src/media/host/spawn_media.ts": "tests/media/child/main_test.ts",
  "src/signaling/delivery.ts": "tests/signaling/hub_test.ts",
  "src/signaling/dispatch.ts": "tests/signaling/hub_test.ts",
  "src/signaling/exchange.ts": "tests/signaling/hub_test.ts",
  "src/signaling/session.ts": "tests/signaling/resume_test.ts",
  "src/signaling/sessions.ts": "tests/signaling/resume_test.ts",
  "src/signaling/fan_out_times.ts": "tests/signaling/hub_test.ts",
  "src/signaling/welcome.ts": "tests/signaling/hub_test.ts",
  "src/turn/allocations.ts": "tests/turn/turn_server_test.ts",
  "src/turn/authentication.ts": "tests/turn/turn_server_test.ts",
  "src/turn/turn_worker.ts": "tests/turn/embedded_test.ts",
};

const sources = await readSources();

Deno.test("files are not too long to be read at once", () => {
  assert.deepEqual(longerThan(sources, MAX_LINES), []);
  const notable = longerThan(sources, NOTABLE_LINES);
  // deno-lint-ignore no-console -- a report for whoever reads the test run
  if (notable.length > 0) console.info(`Long files:\n  ${notable.join("\n  ")}`);
});

Deno.test("files open with a doc comment", () => {
  assert.deepEqual(withoutOpening(sources), []);
});

Deno.test("files of src with behaviour have a test file that mirrors them", () => {
  assert.deepEqual(withoutMirror(sources), []);
});

Deno.test("files that need no mirror exist and have none, or the lists are out of date", () => {
  const paths = new Set(sources.map(({ path }) => path));
  const exempt = [...Object.keys(WITHOUT_BEHAVIOUR), ...Object.keys(TESTED_THROUGH)];

  assert.deepEqual(exempt.filter((path) => !paths.has(path) || paths.has(mirrorOf(path))), []);
  assert.deepEqual(Object.values(TESTED_THROUGH).filter((path) => !paths.has(path)), []);
});

Deno.test("a file that is too long is named with its length", () => {
  const source = { path: "src/a.ts", text: "x\n".repeat(451) };

  assert.deepEqual(longerThan([source], MAX_LINES), ["src/a.ts: 451 lines"]);
  assert.deepEqual(longerThan([{ ...source, text: "x\n".repeat(450) }], MAX_LINES), []);
});

Deno.test("a file that does not open with a doc comment is named", () => {
  const good = [
    "/** What it is. */\n",
    "/**\n * What it is.\n */\n",
    "#!/usr/bin/env -S deno run\n/** What it is. */",
    '/// <reference lib="dom" />\n/** What it is. */',
    "// deno-lint-ignore-file no-console -- why\n/** What it is. */",
  ].map((text) => ({ path: "src/good.ts", text }));
  const bad = ["", "import x;\n/** Late. */", "// What it is.\n", "/* What it is. */", "/** */"]
    .map((text) => ({ path: "src/bad.ts", text }));

  assert.deepEqual(withoutOpening(good), []);
  assert.equal(withoutOpening(bad).length, bad.length);
});

Deno.test("a file with behaviour and without a mirror is named, one without behaviour is not", () => {
  const all = [
    { path: "src/rooms/room.ts", text: "export class Room {}" },
    { path: "src/app.ts", text: "export function createApp() {}" },
    { path: "src/rooms/mod.ts", text: 'export { Room } from "./room.ts";' },
    { path: "src/media/port.ts", text: '/** function */\nexport type A = string;\nimport "b";' },
    { path: "tests/app_test.ts", text: "" },
  ];

  assert.deepEqual(withoutMirror(all), ["src/rooms/room.ts: no tests/rooms/room_test.ts"]);
});

function longerThan(all: readonly Source[], lines: number): string[] {
  return all
    .map(({ path, text }) => ({ path, length: text.trimEnd().split("\n").length }))
    .filter(({ length }) => length > lines)
    .map(({ path, length }) => `${path}: ${length} lines`);
}

function withoutOpening(all: readonly Source[]): string[] {
  const opening = /^(#!.*\n|\/\/\/ <.*\n|\/\/ deno-lint-ignore-file .*\n)*\/\*\*\s*(\* )?[^\s*/]/;
  return all.filter(({ text }) => !opening.test(text)).map(({ path }) => path);
}

function withoutMirror(all: readonly Source[]): string[] {
  const paths = new Set(all.map(({ path }) => path));
  return all
    .filter(({ path, text }) => path.startsWith("src/") && hasBehaviour(text))
    .filter(({ path }) => !(path in WITHOUT_BEHAVIOUR) && !(path in TESTED_THROUGH))
    .filter(({ path }) => !paths.has(mirrorOf(path)))
    .map(({ path }) => `${path}: no ${mirrorOf(path)}`);
}

/** Does it define a function, a class or a value, and not only types and exports of other files? */
function hasBehaviour(text: string): boolean {
  return /^(export )?(default )?(async )?(function|class|const|let|abstract class)\b/m
    .test(withoutComments(text));
}

function mirrorOf(path: string): string {
  return path.replace(/^src\//, "tests/").replace(/\.tsx?$/, "_test.ts");
}
