/**
 * Participants of a room whose media go through the server, each a blank tab of a real Chromium with
 * fake devices (`tests/static/support/sfu_harness.ts`).
 */
import type { CDPSession } from "playwright-core";
import { type HarnessOptions, HarnessPage, type TabOpener } from "./harness_page.ts";
import type { PublishedVideo, ReceivedTrack, SfuReport } from "./sfu_report.ts";
import { waitUntil } from "./wait_until.ts";

/** A small camera: software encoders and decoders share two cores. */
export const SMALL: PublishedVideo = { codec: "VP8", layers: "one", width: 320, height: 180 };

/** What the network below a tab does to what comes or goes; loss counts only beside a latency. */
export type TabNetwork = {
  /** Milliseconds. */
  readonly latency?: number;
  /** Percent. */
  readonly packetLoss?: number;
  readonly kbpsDown?: number;
  readonly kbpsUp?: number;
};

/** One participant. */
export class SfuTab {
  readonly userId: string;
  readonly #harness: HarnessPage;
  #session: CDPSession | undefined;

  private constructor(userId: string, harness: HarnessPage) {
    this.userId = userId;
    this.#harness = harness;
  }

  /** Opens a tab that has joined nothing yet. */
  static async open(
    tabs: TabOpener,
    userId: string,
    options: Omit<HarnessOptions, "harness"> = {},
  ): Promise<SfuTab> {
    const harness = await HarnessPage.open(tabs, { ...options, harness: "sfu_harness" });
    return new SfuTab(userId, harness);
  }

  /** Joins, and publishes `video` and a microphone unless it is `undefined`. */
  async join(roomId: string, video?: PublishedVideo): Promise<void> {
    await this.#run("join", roomId, this.userId);
    if (video !== undefined) await this.publish(video);
  }

  /** Publishes, or publishes anew. */
  publish(video: PublishedVideo): Promise<void> {
    return this.#run("publish", video);
  }

  /** Has it publish black and silence from now on, until {@linkcode show}. */
  blackout(size: { width: number; height: number }): Promise<void> {
    return this.#run("blackout", size);
  }

  /** Shows white and lets a tone be heard from one moment on. */
  show(): Promise<void> {
    return this.#run("show");
  }

  /** Says how a track is wanted. */
  subscribe(
    userId: string,
    source: string,
    wish: { maxHeight?: number; paused?: boolean },
  ): Promise<void> {
    return this.#run("subscribe", userId, source, wish);
  }

  /** Leaves; the tab can join again. */
  leave(): Promise<void> {
    return this.#run("leave");
  }

  /** What it measures now. */
  report(): Promise<SfuReport> {
    return this.#run("report");
  }

  /** The camera of `userId` as it comes here, if it does. */
  async camera(userId: string): Promise<ReceivedTrack | undefined> {
    const { received } = await this.report();
    return received.find((track) => track.userId === userId && track.source === "camera");
  }

  /** Waits until pictures of each of `userIds` have been decoded, `more` than now. */
  async sees(userIds: readonly string[], more = 10): Promise<void> {
    for (const userId of userIds) {
      const before = (await this.camera(userId))?.frames ?? 0;
      await waitUntil(async () => {
        const frames = (await this.camera(userId))?.frames ?? 0;
        if (frames >= before + more) return undefined;
        return `${this.userId} sees ${frames} pictures of ${userId}, ${before} before`;
      });
    }
  }

  /** Makes the network below the tab worse, or good again. */
  async impair({ latency = 0, packetLoss = 0, kbpsDown, kbpsUp }: TabNetwork): Promise<void> {
    const { page } = this.#harness;
    this.#session ??= await page.context().newCDPSession(page);
    await this.#session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency,
      downloadThroughput: kbpsDown === undefined ? -1 : kbpsDown * 125,
      uploadThroughput: kbpsUp === undefined ? -1 : kbpsUp * 125,
      packetLoss,
      packetQueueLength: 50,
    });
  }

  #run<T = void>(name: string, ...args: readonly unknown[]): Promise<T> {
    return this.#harness.run(`${name}(${args.map((arg) => JSON.stringify(arg)).join(", ")})`);
  }
}
