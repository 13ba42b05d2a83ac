/**
 * An RTCPeerConnection of a real Chromium, in a tab with a page of nothing: for tests of what we say to
 * it. The tab is on localhost, where cameras may be used; no server is there.
 */
import type { Page } from "playwright-core";
import type { BrowserTabs } from "./browser_tabs.ts";

const ADDRESS = "http://localhost:9";
/** What the code of a test finds in the tab, beside the browser's own. */
const SCRIPT = `
  globalThis.connection = new RTCPeerConnection();
  globalThis.capture = () =>
    navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } });
  globalThis.LAYERS = [
    { rid: "l", scaleResolutionDownBy: 4 },
    { rid: "m", scaleResolutionDownBy: 2 },
    { rid: "h" },
  ];
  globalThis.offer = async () => {
    await connection.setLocalDescription();
    return connection.localDescription.sdp;
  };
  globalThis.take = (type, sdp) => connection.setRemoteDescription({ type, sdp });
  globalThis.answer = async (sdp) => {
    await take("offer", sdp);
    await connection.setLocalDescription();
    return connection.localDescription.sdp;
  };
  globalThis.prefer = (transceiver, mimeType) => {
    const { codecs } = RTCRtpSender.getCapabilities("video");
    const first = codecs.filter((codec) => codec.mimeType === mimeType);
    transceiver.setCodecPreferences([...first, ...codecs.filter((codec) => !first.includes(codec))]);
  };
  globalThis.directions = () =>
    connection.getTransceivers().map(({ mid, currentDirection }) => [mid, currentDirection]);
`;

/** One connection of a browser. */
export class BrowserPeer {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Opens a tab that has a connection. */
  static async open(tabs: BrowserTabs): Promise<BrowserPeer> {
    const page = await tabs.open("/", {
      server: { address: ADDRESS },
      async prepare(page) {
        await page.route("**/*", (route) =>
          route.fulfill({
            contentType: "text/html",
            body: `<!doctype html><title>Peer</title><script>${SCRIPT}</script>`,
          }));
      },
    });
    return new BrowserPeer(page);
  }

  /** Runs the body of an asynchronous function in the tab; rejects with what it throws. */
  run<T = void>(body: string): Promise<T> {
    // The caller names what its code returns.
    return this.#page.evaluate(`(async () => { ${body} })()`) as Promise<T>;
  }

  /** Offers what `body` sets up. */
  offer(body = ""): Promise<string> {
    return this.run(`${body}; return await offer()`);
  }

  /** Takes an answer; rejects with the browser's objection. */
  async take(sdp: string): Promise<void> {
    await this.run(`await take("answer", ${JSON.stringify(sdp)})`);
  }

  /** Answers an offer; rejects with the browser's objection. */
  answer(sdp: string): Promise<string> {
    return this.run(`return await answer(${JSON.stringify(sdp)})`);
  }

  /** Tag and direction that was agreed on, of each transceiver. */
  directions(): Promise<[mid: string, direction: string][]> {
    return this.run("return directions()");
  }
}
