/** The start lines. What a real process says and how it fails stands in server_test.ts. */
import assert from "node:assert/strict";
import { readConfig } from "../src/config.ts";
import { listenerFor, startLines } from "../src/listen.ts";

Deno.test("listenerFor takes deno on loopback without TLS, ws elsewhere, and what it is told", () => {
  const choose = (...flags: string[]) => listenerFor(readConfig(flags, {}));

  assert.deepEqual([choose(), choose("--host", "::1")], ["deno", "deno"]);
  assert.deepEqual([choose("--host", "0.0.0.0"), choose("--host", "192.0.2.1")], ["ws", "ws"]);
  assert.equal(choose("--tls-cert", "cert.pem", "--tls-key", "key.pem"), "ws");
  assert.equal(choose("--listener", "ws"), "ws");
  assert.equal(choose("--host", "0.0.0.0", "--listener", "deno"), "deno");
});

Deno.test("startLines shows the URL of the page and of the test page", () => {
  const [line, ...rest] = startLines(readConfig([], {}), 8080);

  assert.match(line!, / http:\/\/127\.0\.0\.1:8080\/ .* http:\/\/127\.0\.0\.1:8080\/test\)/);
  assert.deepEqual(rest, []);
});

Deno.test("startLines puts an IPv6 address into brackets", () => {
  assert.match(startLines(readConfig(["--host", "::1"], {}), 80)[0]!, /http:\/\/\[::1\]:80\//);
});

Deno.test("startLines shows localhost where every interface is bound, and warns", () => {
  const lines = startLines(readConfig(["--host", "0.0.0.0"], {}), 8080);

  assert.match(lines[0]!, /http:\/\/localhost:8080\//);
  assert.match(lines.at(-1)!, /no camera/);
});

Deno.test("startLines warns of no camera on another interface, but not with TLS", () => {
  const tls = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];

  assert.match(startLines(readConfig(["--host", "192.0.2.1"], {}), 80).at(-1)!, /no camera/);
  const [line, ...rest] = startLines(readConfig(["--host", "192.0.2.1", ...tls], {}), 443);
  assert.match(line!, /https:\/\/192\.0\.2\.1:443\//);
  assert.deepEqual(rest, []);
});
