/**
 * A Chromium without what a test's browser changes: a tab behind another one is hidden here, and its
 * timers are slowed, as they are for everybody. With a server of its own.
 */
import assert from "node:assert/strict";
import { type Browser, chromium, type Page } from "playwright-core";
import type { TabOptions } from "./browser_tabs.ts";
import { CHROMIUM, FLAGS } from "./chromium.ts";
import { provide } from "./debian_package.ts";
import { ServerProcess } from "./server_process.ts";

/** A browser that has not said where it listens by then does not start. */
const START_TIMEOUT_MS = 30_000;

/** A running browser. */
export class PlainChromium {
  readonly #browser: Browser;
  readonly #child: Deno.ChildProcess;
  readonly #output: Promise<void>;
  readonly #folder: string;
  readonly #server: ServerProcess;

  private constructor(
    browser: Browser,
    process: { child: Deno.ChildProcess; output: Promise<void>; folder: string },
    server: ServerProcess,
  ) {
    this.#browser = browser;
    this.#child = process.child;
    this.#output = process.output;
    this.#folder = process.folder;
    this.#server = server;
  }

  /** Starts a browser and a server. Rejects with the browser's words when it does not start. */
  static async start(flags: readonly string[]): Promise<PlainChromium> {
    const folder = await Deno.makeTempDir();
    const child = new Deno.Command(await provide(CHROMIUM), {
      args: [
        ...FLAGS,
        ...flags,
        ...["--headless=new", "--remote-debugging-port=0", `--user-data-dir=${folder}`],
        "about:blank",
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const { address, output } = await listening(child);
    // No defaults: among them is that every tab believes it is in front.
    const browser = await chromium.connectOverCDP(address, { noDefaults: true });
    return new PlainChromium(browser, { child, output, folder }, await ServerProcess.start());
  }

  /** Opens a path of the server in a tab. */
  async open(path: string, { prepare }: TabOptions): Promise<Page> {
    const page = await this.#context.newPage();
    await prepare?.(page);
    await page.goto(`${this.#server.address}${path}`);
    return page;
  }

  /** Opens an address in a tab that covers the others. */
  async openInFront(address: string): Promise<void> {
    const page = await this.#context.newPage();
    await page.goto(address);
    await page.bringToFront();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await this.#output;
    await this.#server.stop();
    await Deno.remove(this.#folder, { recursive: true });
  }

  get #context() {
    const [context] = this.#browser.contexts();
    assert.ok(context, "a browser has one context from the beginning");
    return context;
  }
}

/** Where the browser listens for commands; `output` ends with its last word. */
async function listening(
  child: Deno.ChildProcess,
): Promise<{ address: string; output: Promise<void> }> {
  const found = Promise.withResolvers<string>();
  let said = "";
  const fail = () => found.reject(new Error(`Cannot start Chromium: ${said}`));
  const timer = setTimeout(() => {
    child.kill("SIGKILL");
    fail();
  }, START_TIMEOUT_MS);
  const output = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      said += text;
      const [address] = /ws:\/\/\S+/.exec(said) ?? [];
      if (address !== undefined) found.resolve(address);
    }
    fail();
  })();
  try {
    return { address: await found.promise, output };
  } finally {
    clearTimeout(timer);
  }
}
