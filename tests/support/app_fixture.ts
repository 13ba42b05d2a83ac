/**
 * The application as a function: requests without a port. It stops what runs by itself when the test
 * is done.
 */
import assert from "node:assert/strict";
import { createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { asset, type PageAssets } from "../../src/http/mod.ts";

/** The document that the fixture serves. */
export const PAGE = "<!doctype html><title>Signalbox</title>".repeat(20);

const assets: PageAssets = new Map([
  ["/", asset("text/html; charset=utf-8", new TextEncoder().encode(PAGE))],
  ["/assets/main.js", asset("text/javascript; charset=utf-8", new TextEncoder().encode("1"))],
]);

/** Answers one request. */
export type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** A test body that gets an application with `flags`. */
export function withApp(
  flags: readonly string[],
  test: (send: Send) => Promise<void>,
  page: PageAssets | undefined = assets,
): () => Promise<void> {
  return async () => {
    const app = createApp({ config: readConfig(flags, {}), assets: page });
    try {
      await test(async (path, init) =>
        await app.handler(new Request(`http://localhost${path}`, init))
      );
    } finally {
      await app.close();
    }
  };
}

/** Status and code of a problem document. */
export async function codeOf(response: Response): Promise<[number, string]> {
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  return [response.status, (await response.json()).code];
}
