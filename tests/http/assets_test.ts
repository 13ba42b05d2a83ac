/** The page's files: the real page is bundled, compressed and tagged. */
import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { asset, buildPage } from "../../src/http/mod.ts";

Deno.test("asset holds the same bytes in every coding", () => {
  const contents = new TextEncoder().encode("Signalbox ".repeat(1_000));

  const { bodies } = asset("text/plain", contents);

  assert.deepEqual(bodies.identity, contents);
  assert.deepEqual(new Uint8Array(gunzipSync(bodies.gzip)), contents);
  assert.deepEqual(new Uint8Array(brotliDecompressSync(bodies.br)), contents);
  assert.ok(bodies.br.length < contents.length);
});

Deno.test("asset has an etag that follows the bytes", () => {
  const tagOf = (text: string) => asset("text/plain", new TextEncoder().encode(text)).etag;

  assert.match(tagOf("a"), /^"[\w-]{22}"$/);
  assert.equal(tagOf("a"), tagOf("a"));
  assert.notEqual(tagOf("a"), tagOf("b"));
});

Deno.test("buildPage bundles the page that the document asks for, without a validator", async () => {
  const assets = await buildPage();

  const html = new TextDecoder().decode(assets.get("/")!.bodies.identity);
  const asked = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1]!);
  assert.ok(asked.includes("/assets/main.js"), html);
  for (const path of asked) assert.ok(assets.has(path), path);
  const script = new TextDecoder().decode(assets.get("/assets/main.js")!.bodies.identity);
  assert.doesNotMatch(script, /["'`]node:/, "no module of the server's");
  const { length } = assets.get("/assets/main.js")!.bodies.gzip;
  assert.ok(length < 120 * 1024, `${length} bytes compressed: more than a phone should load`);
});
