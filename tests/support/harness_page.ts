/**
 * A part of the page alone in a tab of a real Chromium: a harness of `tests/static/support/`, bundled,
 * on the address of a real server and under that server's own headers, its policy among them.
 */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { TabOptions } from "./browser_tabs.ts";

/** What opens tabs: {@linkcode BrowserTabs}, or a browser of the test's own. */
export interface TabOpener {
  open(path: string, options: TabOptions): Promise<Page>;
}

/** Which harness, and how its tab is opened. */
export interface HarnessOptions extends Omit<TabOptions, "prepare"> {
  /** A file of `tests/static/support/`, without its ending. */
  readonly harness: string;
}

const PATH = "/harness";
const HTML = '<!doctype html><html lang="en"><title>Harness</title><body><div id="page">Harness' +
  '</div><script type="module" src="/harness.js"></script></body></html>';
const scripts = new Map<string, Promise<string>>();

/** A tab with a harness. */
export class HarnessPage {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens a tab and loads the harness. */
  static async open(
    tabs: TabOpener,
    { harness, ...options }: HarnessOptions,
  ): Promise<HarnessPage> {
    const script = scripts.get(harness) ?? bundle(harness);
    scripts.set(harness, script);
    const body = await script;
    const page = await tabs.open(PATH, {
      ...options,
      async prepare(page) {
        await page.route(`**${PATH}`, async (route) => {
          const real = await route.fetch({ url: new URL("/", route.request().url()).href });
          await route.fulfill({ response: real, body: HTML });
        });
        await page.route(
          `**${PATH}.js`,
          (route) => route.fulfill({ contentType: "text/javascript", body }),
        );
      },
    });
    await page.waitForFunction("globalThis.harness !== undefined");
    return new HarnessPage(page);
  }

  /** Calls the harness: `send("a.txt", 5)`. */
  run<T = void>(call: string): Promise<T> {
    return this.page.evaluate(`harness.${call}`) as Promise<T>; // The caller names what it returns.
  }
}

async function bundle(name: string): Promise<string> {
  const result = await Deno.bundle({
    entrypoints: [new URL(`../static/support/${name}.ts`, import.meta.url).pathname],
    platform: "browser",
    format: "esm",
    write: false,
  });
  assert.ok(result.success, result.errors.map(({ text }) => text).join("; "));
  return result.outputFiles![0]!.text();
}
