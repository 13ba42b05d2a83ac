/**
 * A broadcaster or a viewer of a live room, each a blank tab of a real Chromium with the page's session
 * and live call (`tests/static/support/live_harness.ts`).
 */
import type { CDPSession } from "playwright-core";
import type { MediaPath } from "../../src/protocol/mod.ts";
import { type HarnessOptions, HarnessPage, type TabOpener } from "./harness_page.ts";
import type { FlashReport, LiveReport } from "./live_report.ts";
import { waitUntil } from "./wait_until.ts";

/** How the tab of a member is opened. */
export type LiveTabOptions = Omit<HarnessOptions, "harness">;

/** One member. */
export class LiveTab {
  readonly userId: string;
  readonly #harness: HarnessPage;
  #cdp: CDPSession | undefined;

  private constructor(userId: string, harness: HarnessPage) {
    this.userId = userId;
    this.#harness = harness;
  }

  /** Opens a tab and begins to broadcast. */
  static async broadcast(
    tabs: TabOpener,
    roomId: string,
    options: LiveTabOptions = {},
  ): Promise<LiveTab> {
    const tab = await LiveTab.#open(tabs, "ann", options);
    await tab.#run("join", roomId, "ann", "broadcaster");
    await waitUntil(async () => (await tab.report()).topology === "" ? "not joined" : undefined);
    return tab;
  }

  /** Opens a tab and watches; `forced` is the rung to stay on. */
  static async watch(
    tabs: TabOpener,
    { roomId, userId, forced, ...options }: LiveTabOptions & {
      readonly roomId: string;
      readonly userId: string;
      readonly forced?: MediaPath;
    },
  ): Promise<LiveTab> {
    const tab = await LiveTab.#open(tabs, userId, options);
    await tab.#run("join", roomId, userId, "viewer", forced);
    return tab;
  }

  static async #open(
    tabs: TabOpener,
    userId: string,
    options: LiveTabOptions,
  ): Promise<LiveTab> {
    const harness = await HarnessPage.open(tabs, { ...options, harness: "live_harness" });
    return new LiveTab(userId, harness);
  }

  /** How it fares. */
  report(): Promise<LiveReport> {
    return this.#run("report");
  }

  /** When flashes were seen and beeps heard since the last time. */
  flashes(): Promise<FlashReport> {
    return this.#run("flashes");
  }

  /** Mutes the microphone of a broadcaster, or not any more. */
  mute(isMuted: boolean): Promise<void> {
    return this.#run("mute", isMuted);
  }

  /** Forgets what was measured of the gaps between pictures. */
  forgetGaps(): Promise<void> {
    return this.#run("forgetGaps");
  }

  /** Says that the machine has another network. */
  networkChanged(): Promise<void> {
    return this.#run("networkChanged");
  }

  /** Ends its stay. */
  leave(): Promise<void> {
    return this.#run("leave");
  }

  /** Waits until it is on a rung, and `more` pictures were decoded and shown there; how long it took. */
  async isOn(rung: MediaPath, more = 20): Promise<number> {
    const from = performance.now();
    let first: LiveReport | undefined;
    await waitUntil(async () => {
      const now = await this.report();
      if (now.rung !== rung) first = undefined;
      else first ??= now;
      if (first === undefined) return `${this.userId} is on ${JSON.stringify(now)}, not ${rung}`;
      const isSeen = now.frames >= first.frames + more && now.shown >= first.shown + more / 2;
      return isSeen ? undefined : `${this.userId} saw ${JSON.stringify([first, now])}`;
    });
    return performance.now() - from;
  }

  /** Waits until the room's media travel so. */
  async untilTopology(topology: string): Promise<void> {
    await waitUntil(async () => {
      const now = await this.report();
      return now.topology === topology ? undefined : `the room is ${JSON.stringify(now)}`;
    });
  }

  /** Holds what comes over the tab's sockets and requests to so many kbit/s; undefined: no bound. */
  async throttle(kbpsDown: number | undefined): Promise<void> {
    const { page } = this.#harness;
    this.#cdp ??= await page.context().newCDPSession(page);
    await this.#cdp.send("Network.enable");
    await this.#cdp.send("Network.emulateNetworkConditions", {
      ...{ offline: false, latency: 0, uploadThroughput: -1 },
      downloadThroughput: kbpsDown === undefined ? -1 : kbpsDown * 125,
    });
  }

  #run<T = void>(name: string, ...args: readonly unknown[]): Promise<T> {
    const list = args.map((arg) => arg === undefined ? "undefined" : JSON.stringify(arg));
    return this.#harness.run(`${name}(${list.join(", ")})`);
  }
}
