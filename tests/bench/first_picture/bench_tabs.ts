/** A server with all rungs and a browser for the bench; each tab is a person of its own. */
import type { Browser, Page } from "playwright-core";
import type { TabOptions } from "../../support/browser_tabs.ts";
import { launchChromium, MEDIA_FLAGS } from "../../support/chromium.ts";
import type { TabOpener } from "../../support/harness_page.ts";
import { freePort, freeUdpPort } from "../../support/ports.ts";
import { ServerProcess } from "../../support/server_process.ts";

/** Tabs on one server. */
export class BenchTabs implements TabOpener {
  readonly #server: ServerProcess;
  readonly #browser: Browser;
  readonly #pages: Page[] = [];

  private constructor(server: ServerProcess, browser: Browser) {
    this.#server = server;
    this.#browser = browser;
  }

  /** Starts both. Rejects where there is no Chromium, with what to do about it. */
  static async start(): Promise<BenchTabs> {
    const browser = await launchChromium(MEDIA_FLAGS);
    const server = await ServerProcess.start({
      args: [
        ...["--turn", "embedded", "--turn-port", `${freePort()}`],
        ...["--media-port", `${await freeUdpPort(1)}`, "--log-level", "error"],
      ],
    });
    return new BenchTabs(server, browser);
  }

  async open(path: string, { prepare, ...options }: TabOptions): Promise<Page> {
    const { expected: _, server: __, ...context } = options;
    const page = await (await this.#browser.newContext(context)).newPage();
    this.#pages.push(page);
    await prepare?.(page);
    await page.goto(`${this.#server.address}${path}`);
    return page;
  }

  /** Ends all tabs. */
  async closeAll(): Promise<void> {
    for (const page of this.#pages.splice(0)) await page.context().close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
  }
}
