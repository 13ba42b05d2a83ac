/** What `--url` may look like. */
import assert from "node:assert/strict";
import { UsageError } from "../../cli/arguments.ts";
import { readTarget } from "../../cli/target.ts";

for (
  const [url, socketUrl, roomUrl] of [
    ["ws://a:1/ws", "ws://a:1/ws", "http://a:1/api/rooms/r"],
    ["ws://a:1", "ws://a:1/ws", "http://a:1/api/rooms/r"],
    ["http://a:1/", "ws://a:1/ws", "http://a:1/api/rooms/r"],
    ["https://a.example", "wss://a.example/ws", "https://a.example/api/rooms/r"],
    ["wss://a.example/ws/", "wss://a.example/ws", "https://a.example/api/rooms/r"],
    ["https://a.example/call/", "wss://a.example/call/ws", "https://a.example/call/api/rooms/r"],
    ["ws://[::1]:1/ws?key=1", "ws://[::1]:1/ws?key=1", "http://[::1]:1/api/rooms/r"],
  ] as const
) {
  Deno.test(`readTarget takes ${url}`, () => {
    const target = readTarget(url);

    assert.equal(target.socketUrl, socketUrl);
    assert.equal(target.roomUrl("r"), roomUrl);
  });
}

Deno.test("readTarget escapes the room in the API's URL", () => {
  assert.equal(readTarget("ws://a").roomUrl("raum-ü"), "http://a/api/rooms/raum-%C3%BC");
});

for (const url of ["", "localhost", "localhost:8080", "ftp://a", "ws://", "file:///etc"]) {
  Deno.test(`readTarget refuses "${url}"`, () => {
    assert.throws(() => readTarget(url), UsageError);
  });
}
