/** The page's files: the real page is bundled, compressed and tagged. */
import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { asset, buildPage, type PageAssets } from "../../src/http/mod.ts";

/** What a page with its words takes compressed: two seconds of a slow phone's connection. */
const MAX_PAGE_BYTES = 128 * 1024;

Deno.test("asset holds the same bytes in every coding", async () => {
  const contents = new TextEncoder().encode("Signalbox ".repeat(1_000));

  const { body } = asset("text/plain", contents);
  const [identity, gzip, br] = await Promise.all([body("identity"), body("gzip"), body("br")]);

  assert.deepEqual(identity, contents);
  assert.deepEqual(new Uint8Array(gunzipSync(gzip)), contents);
  assert.deepEqual(new Uint8Array(brotliDecompressSync(br)), contents);
  assert.ok(br.length < contents.length);
  assert.equal(await body("br"), br, "compressed once");
});

Deno.test("asset has an etag that follows the bytes", () => {
  const tagOf = (text: string) => asset("text/plain", new TextEncoder().encode(text)).etag;

  assert.match(tagOf("a"), /^"[\w-]{22}"$/);
  assert.equal(tagOf("a"), tagOf("a"));
  assert.notEqual(tagOf("a"), tagOf("b"));
});

Deno.test("buildPage bundles the page that the document asks for, without a validator", async () => {
  const { assets, texts } = await builtPage();

  const html = texts.get("/")!;
  const asked = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1]!);
  assert.ok(asked.includes("/assets/main.js"), html);
  for (const path of asked) assert.ok(assets.has(path), path);
  for (const [path, text] of texts) {
    assert.doesNotMatch(text, /["'`]node:/, `${path}: no module of the server's`);
  }
});

Deno.test("buildPage gives each page a script of its own, and a phone little to load", async () => {
  const { assets, texts } = await builtPage();
  const sizeOf = async (paths: Iterable<string>) => {
    let size = 0;
    for (const path of paths) size += (await assets.get(path)!.body("gzip")).length;
    return size;
  };

  const later = [...closure(texts, "/assets/main.js")].flatMap((path) =>
    importsOf(texts, path).later
  );
  const isWords = (path: string) => /\/(?:en|zh_cn)-/.test(path);
  const pages = later.filter((path) => !isWords(path));
  const words = await Promise.all(later.filter(isWords).map((path) => sizeOf([path])));
  assert.equal(words.length, 2);
  assert.deepEqual(
    pages.map((path) => path.replace(/-[A-Z0-9]+\.js$/, "")).sort(),
    ["live", "meeting", "start", "streams", "test", "watch"].map((name) => `/assets/${name}`),
  );
  for (const page of pages) {
    const loaded = new Set([...closure(texts, "/assets/main.js"), ...closure(texts, page)]);
    const size = await sizeOf(loaded) + Math.max(...words);
    assert.ok(size < MAX_PAGE_BYTES, `${page}: ${size} bytes compressed, too much for a phone`);
  }
});

async function builtPage(): Promise<{ assets: PageAssets; texts: ReadonlyMap<string, string> }> {
  const assets = await buildPage();
  const texts = new Map<string, string>();
  for (const [path, { body }] of assets) {
    texts.set(path, new TextDecoder().decode(await body("identity")));
  }
  return { assets, texts };
}

/** What a script loads with itself, and what it may load later. */
function importsOf(
  texts: ReadonlyMap<string, string>,
  path: string,
): { now: string[]; later: string[] } {
  const text = texts.get(path)!;
  const named = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, name]) => `/assets/${name}`);
  return {
    now: named(/(?:from|import)"\.\/([\w-]+\.js)"/g),
    later: named(/import\("\.\/([\w-]+\.js)"\)/g),
  };
}

/** A script, and all that it cannot run without. */
function closure(
  texts: ReadonlyMap<string, string>,
  path: string,
  seen: Set<string> = new Set(),
): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const next of importsOf(texts, path).now) closure(texts, next, seen);
  return seen;
}
