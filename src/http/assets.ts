/**
 * The page, built once at start and kept in memory: bundled (a script for what all pages share, and one
 * for each of them), with its etags. The process entry builds it; the page routes serve it, and have
 * each file compressed when it is first asked for.
 */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** How a file can be sent (RFC 9110, section 8.4.1). */
export type Coding = "br" | "gzip" | "identity";

/** One file of the page, ready to be served. */
export type Asset = {
  readonly contentType: string;
  readonly etag: string;
  /** The bytes in a coding; compressed once, when they are first wanted. */
  readonly body: (coding: Coding) => Promise<Uint8Array<ArrayBuffer>>;
};

/** The files by path. */
export type PageAssets = ReadonlyMap<string, Asset>;

const STATIC_FOLDER = new URL("../../static/", import.meta.url);

/** Bundles the page. Rejects with the bundler's words when it cannot be built. */
export async function buildPage(): Promise<PageAssets> {
  const assets = new Map<string, Asset>();
  const result = await Deno.bundle({
    entrypoints: [new URL("main.tsx", STATIC_FOLDER).pathname],
    outputDir: "assets",
    platform: "browser",
    format: "esm",
    minify: true,
    codeSplitting: true,
    write: false,
  });
  if (!result.success) {
    const words = result.errors.map(({ text }) => text).join("; ");
    throw new Error(`Cannot bundle the page: ${words}`);
  }
  for (const { path, contents } of result.outputFiles ?? []) {
    const name = path.split("/").at(-1)!;
    if (contents === undefined) continue;
    assets.set(`/assets/${name}`, asset("text/javascript; charset=utf-8", contents));
  }
  const html = await Deno.readFile(new URL("index.html", STATIC_FOLDER));
  assets.set("/", asset("text/html; charset=utf-8", html));
  const icon = await Deno.readFile(new URL("favicon.svg", STATIC_FOLDER));
  assets.set("/favicon.svg", asset("image/svg+xml", icon));
  return assets;
}

/** A file that can be had in every coding, with a strong etag over its bytes. */
export function asset(contentType: string, contents: Uint8Array): Asset {
  const identity = new Uint8Array(contents);
  const made = new Map<Coding, Promise<Uint8Array<ArrayBuffer>>>();
  return {
    contentType,
    etag: `"${createHash("sha256").update(identity).digest("base64url").slice(0, 22)}"`,
    body: (coding) => {
      const body = made.get(coding) ?? encoded(identity, coding);
      made.set(coding, body);
      return body;
    },
  };
}

/** Compresses beside the event loop: the best that brotli can takes it a third of a second. */
async function encoded(
  identity: Uint8Array<ArrayBuffer>,
  coding: Coding,
): Promise<Uint8Array<ArrayBuffer>> {
  switch (coding) {
    case "identity":
      return identity;
    case "br": {
      const params = { [constants.BROTLI_PARAM_SIZE_HINT]: identity.length };
      return new Uint8Array(await promisify(brotliCompress)(identity, { params }));
    }
    case "gzip":
      return new Uint8Array(await promisify(gzip)(identity, { level: 9 }));
  }
}
