/** The head of a request: found in any pieces, and changed where a proxy has to. */
import assert from "node:assert/strict";
import {
  asksForWebSocket,
  encodeHead,
  headerOf,
  headOf,
  pathOf,
  rewriteRequest,
} from "../../../cli/faults/http_head.ts";

const upgrade = [
  "GET /ws?access_token=x HTTP/1.1",
  "Host: 127.0.0.1:9090",
  "Connection: keep-alive, Upgrade",
  "Upgrade: WebSocket",
  "Origin: http://127.0.0.1:9090",
  "Sec-WebSocket-Extensions: permessage-deflate",
  "X-Other:  Grüße",
  "",
  "",
].join("\r\n");
const server = { host: "example.org", origin: "https://example.org", path: "/ws" };

Deno.test("headOf finds the head once it is whole, and where it ends", () => {
  const bytes = latin1(`${upgrade}rest`);
  const lengths = Array.from(bytes, (_, at) => headOf(bytes.subarray(0, at))?.length);

  assert.ok(lengths.slice(0, upgrade.length).every((length) => length === undefined));
  const found = headOf(bytes);
  assert.equal(found?.length, upgrade.length);
  assert.deepEqual(encodeHead(found!.head), latin1(upgrade.replace(":  G", ": G")));
  assert.equal(headerOf(found!.head, "host"), "127.0.0.1:9090");
  assert.equal(pathOf(found!.head), "/ws?access_token=x");
  assert.equal(asksForWebSocket(found!.head), true);
});

Deno.test("rewriteRequest names the server, and asks for a WebSocket without extensions", () => {
  const head = rewriteRequest(headOf(latin1(upgrade))!.head, server);

  assert.equal(head.start, "GET /ws HTTP/1.1");
  assert.deepEqual(head.headers, [
    ["Host", "example.org"],
    ["Connection", "keep-alive, Upgrade"],
    ["Upgrade", "WebSocket"],
    ["Origin", "https://example.org"],
    ["X-Other", "Grüße"],
  ]);
});

Deno.test("rewriteRequest leaves an origin that is another's, and ends after other requests", () => {
  const text = "POST /api/rooms HTTP/1.1\r\nhost: a:1\r\nOrigin: http://b\r\n" +
    "connection: keep-alive\r\nContent-Length: 2\r\n\r\n{}";

  const head = rewriteRequest(headOf(latin1(text))!.head, { ...server, path: "/api/rooms" });

  assert.deepEqual(head.headers, [
    ["host", "example.org"],
    ["Origin", "http://b"],
    ["Content-Length", "2"],
    ["Connection", "close"],
  ]);
  assert.equal(asksForWebSocket(head), false);
});

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
