/**
 * Tabs of a real browser on the real page of a real server, for one test file. The browser and the
 * server are shared by the tests of the file; each tab is a person of its own, with its own storage,
 * and is closed after the test. A tab that logged an error or broke the page's policy fails its test.
 */
import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { ServerProcess } from "./server_process.ts";

/** Who opens a tab, and with what. */
export interface TabOptions extends BrowserContextOptions {
  /** Console errors that the test means to cause. Default none. */
  readonly expected?: RegExp;
  /** A server of the test's own. Default: the one that the file shares. */
  readonly server?: { readonly address: string };
  /** Done to the tab before it opens the path. Default nothing. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Reports what the Content-Security-Policy refused; Chromium's own words may change. */
const WATCH_POLICY = `addEventListener("securitypolicyviolation", (event) =>
  console.error("refused by policy: " + event.violatedDirective + " " + event.blockedURI))`;

/** Something is drawn: a page loads its script before it draws. Other documents draw nothing. */
const DRAWN = "body:not(:has(#page:empty))";

/** The tabs of one test file. */
export class BrowserTabs {
  #browser: Browser | undefined;
  #server: ServerProcess | undefined;
  #open: { page: Page; faults: string[] }[] = [];

  /**
   * Starts a server and a browser before the tests of the calling file, and ends them after. Without
   * a server each tab names where it goes; `flags` are for the browser, beside the usual ones.
   */
  static share(
    { hasServer = true, flags = [], serverArgs = [] }: {
      readonly hasServer?: boolean;
      readonly flags?: readonly string[];
      /** More flags of the server. Default none. */
      readonly serverArgs?: readonly string[];
    } = {},
  ): BrowserTabs {
    const tabs = new BrowserTabs();
    Deno.test.beforeAll(async () => {
      if (hasServer) tabs.#server = await ServerProcess.start({ args: serverArgs });
      tabs.#browser = await launchChromium(flags);
    });
    Deno.test.afterEach(() => tabs.closeAll());
    Deno.test.afterAll(async () => {
      await tabs.#browser?.close();
      await tabs.#server?.stop();
    });
    return tabs;
  }

  /** Opens `path` in a tab of its own; resolves when the page is drawn. */
  async open(path: string, options: TabOptions = {}): Promise<Page> {
    const { expected, server = this.#server, prepare, ...context } = options;
    assert.ok(this.#browser && server, "browser and server start before the first test");
    const page = await (await this.#browser.newContext({ locale: "en-GB", ...context })).newPage();
    const faults: string[] = [];
    this.#open.push({ page, faults });
    const note = (fault: string) => {
      if (expected === undefined || !expected.test(fault)) faults.push(fault);
    };
    page.on("pageerror", (error) => note(`uncaught: ${error.stack ?? error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") note(`console: ${message.text()}`);
    });
    await page.addInitScript(WATCH_POLICY);
    await prepare?.(page);
    await page.goto(`${server.address}${path}`);
    await page.locator(DRAWN).first().waitFor({ state: "attached" });
    return page;
  }

  /**
   * Closes the tabs, and fails where one logged an error. A test whose server ends before the test does
   * it first, or its pages would complain of that.
   */
  async closeAll(): Promise<void> {
    const open = this.#open.splice(0);
    for (const { page } of open) await page.context().close();
    assert.deepEqual(open.flatMap(({ faults }) => faults), [], "the tabs logged errors");
  }
}
