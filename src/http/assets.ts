/**
 * The page, built once at start and kept in memory: bundled (a script for what all pages share, and one
 * for each of them), compressed, with its etags. The process entry builds it; the page routes serve it.
 */
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { createHash } from "node:crypto";

/** One file of the page, ready to be served. */
export type Asset = {
  readonly contentType: string;
  readonly etag: string;
  /** By content coding (RFC 9110, section 8.4.1). */
  readonly bodies: Readonly<Record<"br" | "gzip" | "identity", Uint8Array<ArrayBuffer>>>;
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

/** A file in every coding, with a strong etag over its bytes. */
export function asset(contentType: string, contents: Uint8Array): Asset {
  const identity = new Uint8Array(contents);
  const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: identity.length } };
  return {
    contentType,
    etag: `"${createHash("sha256").update(identity).digest("base64url").slice(0, 22)}"`,
    bodies: {
      identity,
      br: new Uint8Array(brotliCompressSync(identity, options)),
      gzip: new Uint8Array(gzipSync(identity, { level: 9 })),
    },
  };
}
