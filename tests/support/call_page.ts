/**
 * Participants of a call, each a blank tab of a real Chromium on the address of a real server, with
 * the mesh of the page and nothing else of it (`tests/static/support/call_harness.ts`).
 */
import assert from "node:assert/strict";
import type { CDPSession, Page } from "playwright-core";
import type { BrowserTabs } from "./browser_tabs.ts";
import type { Received } from "./call_report.ts";
import { waitUntil } from "./wait_until.ts";

/** What a network does to packets. A loss counts only where there is a latency. */
export interface Network {
  /** Milliseconds. */
  readonly latency: number;
  /** Percent. */
  readonly packetLoss: number;
  readonly kbpsUp?: number;
  /** Packets that wait for their turn at most. */
  readonly packetQueueLength?: number;
}

/** Who joins, and how. */
export interface CallPageOptions {
  readonly roomId: string;
  readonly userId: string;
  /** MIME types, most wanted first. Default: as the browser likes it. */
  readonly codecs?: readonly string[];
  /** Lines of the camera. Default 180: software encoders share two cores. */
  readonly height?: number;
  /** The network below the tab from the beginning; see {@linkcode CallPage.impair}. Default: none. */
  readonly network?: Network;
}

const PATH = "/call-harness";
const HTML =
  '<!doctype html><title>Call</title><script type="module" src="/call-harness.js"></script>';
let script: Promise<string> | undefined;

/** One participant. */
export class CallPage {
  readonly userId: string;
  readonly page: Page;
  #session: CDPSession | undefined;

  private constructor(userId: string, page: Page) {
    this.userId = userId;
    this.page = page;
  }

  /** Opens a tab and joins with camera and microphone on. */
  static async join(tabs: BrowserTabs, options: CallPageOptions): Promise<CallPage> {
    const { roomId, userId, codecs = [], height = 180, network } = options;
    const body = await (script ??= bundle());
    const page = await tabs.open(PATH, {
      async prepare(page) {
        await page.route(
          `**${PATH}`,
          (route) => route.fulfill({ contentType: "text/html", body: HTML }),
        );
        await page.route(`**${PATH}.js`, (route) => {
          return route.fulfill({ contentType: "text/javascript", body });
        });
      },
    });
    const participant = new CallPage(userId, page);
    await page.waitForFunction("globalThis.harness !== undefined");
    if (network !== undefined) await participant.impair(network);
    await participant.run(`capture(${height})`);
    await participant.run(`start(${JSON.stringify([roomId, userId, codecs]).slice(1, -1)})`);
    return participant;
  }

  /** Calls the harness of the page: `capture(180)`. */
  run<T = void>(call: string): Promise<T> {
    return this.page.evaluate(`harness.${call}`) as Promise<T>; // The caller names what it returns.
  }

  /** What came so far, by who sent it. */
  async received(): Promise<Map<string, Received>> {
    const all = await this.run<Received[]>("received()");
    return new Map(all.map((one) => [one.userId, one]));
  }

  /**
   * Changes the network below this tab. Chromium has each connection ask once, when it is made, whether
   * there will be anything of that kind: so a tab has to join with a `network` to be changed later.
   */
  async impair({ latency, packetLoss, kbpsUp, packetQueueLength }: Network): Promise<void> {
    this.#session ??= await this.page.context().newCDPSession(this.page);
    const uploadThroughput = kbpsUp === undefined ? -1 : kbpsUp * 125;
    const conditions = {
      ...{ offline: false, latency, packetLoss, uploadThroughput, downloadThroughput: -1 },
      ...(packetQueueLength === undefined ? {} : { packetQueueLength }),
    };
    await this.#session.send("Network.emulateNetworkConditions", conditions);
  }
}

/** Waits until pictures and sound have come on from everybody to everybody since now. */
export async function waitForMedia(...participants: readonly CallPage[]): Promise<void> {
  const before = await Promise.all(participants.map((one) => one.received()));
  await waitUntil(async () => {
    for (const [index, participant] of participants.entries()) {
      const now = await participant.received();
      for (const other of participants) {
        if (other === participant) continue;
        const was = before[index]!.get(other.userId);
        const is = now.get(other.userId);
        const who = `from ${other.userId} to ${participant.userId}`;
        if (is === undefined) return `no link ${who}`;
        const reason = `${who}: ${JSON.stringify(is)}, was ${JSON.stringify(was)}, ` +
          `faults ${JSON.stringify(await participant.run("faults()"))}`;
        if (is.cameraFrames < grown(was?.cameraFrames, is.cameraFrames, 5)) {
          return `no picture ${reason}`;
        }
        if (is.audioEnergy <= grown(was?.audioEnergy, is.audioEnergy, 0)) {
          return `no sound ${reason}`;
        }
      }
    }
    return undefined;
  });
}

/** What a counter must reach: `more` than it was, or than nothing where it has started anew. */
function grown(was: number | undefined, is: number, more: number): number {
  return (was === undefined || is < was ? 0 : was) + more;
}

/** Fails if anything was refused on the way. */
export async function assertNoFaults(...participants: readonly CallPage[]): Promise<void> {
  for (const participant of participants) {
    assert.deepEqual(await participant.run("faults()"), [], participant.userId);
  }
}

async function bundle(): Promise<string> {
  const entry = new URL("../static/support/call_harness.ts", import.meta.url);
  const result = await Deno.bundle({
    entrypoints: [entry.pathname],
    platform: "browser",
    format: "esm",
    write: false,
  });
  assert.ok(result.success, result.errors.map(({ text }) => text).join("; "));
  return result.outputFiles![0]!.text();
}
