/** The page's files: the real page is bundled, compressed and tagged. */
import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { asset, buildPage, type PageAssets } from "../../src/http/mod.ts";

/** What a page with its words takes compressed: two seconds of a slow phone's connection. */
const MAX_PAGE_BYTES = 128 * 1024;

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

  const html = textOf(assets, "/");
  const asked = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1]!);
  assert.ok(asked.includes("/assets/main.js"), html);
  for (const path of asked) assert.ok(assets.has(path), path);
  const scripts = [...assets.keys()].filter((path) => path.endsWith(".js"));
  for (const path of scripts) {
    assert.doesNotMatch(textOf(assets, path), /["'`]node:/, `${path}: no module of the server's`);
  }
});

Deno.test("buildPage gives each page a script of its own, and a phone little to load", async () => {
  const assets = await buildPage();

  const later = [...closure(assets, "/assets/main.js")]
    .flatMap((path) => importsOf(assets, path).later);
  const isWords = (path: string) => /\/(?:en|zh_cn)-/.test(path);
  const pages = later.filter((path) => !isWords(path));
  const words = later.filter(isWords).map((path) => assets.get(path)!.bodies.gzip.length);
  assert.equal(words.length, 2);
  assert.deepEqual(
    pages.map((path) => path.replace(/-[A-Z0-9]+\.js$/, "")).sort(),
    ["live", "meeting", "start", "streams", "test", "watch"].map((name) => `/assets/${name}`),
  );
  for (const page of pages) {
    const loaded = new Set([...closure(assets, "/assets/main.js"), ...closure(assets, page)]);
    const length = [...loaded].reduce(
      (sum, path) => sum + assets.get(path)!.bodies.gzip.length,
      Math.max(...words),
    );
    assert.ok(length < MAX_PAGE_BYTES, `${page}: ${length} bytes compressed, too much for a phone`);
  }
});

function textOf(assets: PageAssets, path: string): string {
  return new TextDecoder().decode(assets.get(path)!.bodies.identity);
}

/** What a script loads with itself, and what it may load later. */
function importsOf(assets: PageAssets, path: string): { now: string[]; later: string[] } {
  const text = textOf(assets, path);
  const named = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, name]) => `/assets/${name}`);
  return {
    now: named(/(?:from|import)"\.\/([\w-]+\.js)"/g),
    later: named(/import\("\.\/([\w-]+\.js)"\)/g),
  };
}

/** A script, and all that it cannot run without. */
function closure(assets: PageAssets, path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const next of importsOf(assets, path).now) closure(assets, next, seen);
  return seen;
}
