/**
 * A session of WHIP or WHEP by GStreamer, a WebRTC that is neither a browser's nor ours: Debian's
 * webrtcbin, driven by `gstreamer_session.py`. Installs what it needs where that is possible.
 */
import { type Program, provide } from "./debian_package.ts";
import { waitUntil } from "./wait_until.ts";

const SCRIPT = new URL("gstreamer_session.py", import.meta.url).pathname;
/** GStreamer for Python, as the sign that all is there. */
const GSTREAMER: Program = {
  name: "GStreamer for Python",
  candidates: ["/usr/lib/python3/dist-packages/gi/overrides/Gst.py"],
  packages: [
    ...["python3-gst-1.0", "gir1.2-gst-plugins-bad-1.0", "gstreamer1.0-nice"],
    ...["gstreamer1.0-plugins-base", "gstreamer1.0-plugins-good", "gstreamer1.0-plugins-bad"],
  ],
};

/** How a session is. */
export type GStreamerReport = {
  /** RTCPeerConnectionState. */
  readonly state: string;
  /** Of the last picture; 0: none was decoded. */
  readonly height: number;
  readonly pictures: number;
  readonly sounds: number;
};

/** A session that runs until it is ended. */
export class GStreamerSession {
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  #last: GStreamerReport = { state: "new", height: 0, pictures: 0, sounds: 0 };

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#reading = this.#read();
  }

  /** Publishes to, or watches, the endpoint at `url`. */
  static async start(kind: "publish" | "watch", url: string): Promise<GStreamerSession> {
    await provide(GSTREAMER);
    return new GStreamerSession(
      new Deno.Command("/usr/bin/python3", {
        args: [SCRIPT, kind, url, "127.0.0.1"],
        stdin: "piped",
        stdout: "piped",
        stderr: "inherit",
      }).spawn(),
    );
  }

  /** Waits until `why` has no objection to how the session is. */
  async until(why: (report: GStreamerReport) => boolean): Promise<GStreamerReport> {
    await waitUntil(() => why(this.#last) ? undefined : JSON.stringify(this.#last));
    return this.#last;
  }

  /** Ends it with a DELETE. Returns whether all went well. */
  async end(): Promise<boolean> {
    await this.#child.stdin.close();
    const [{ success }] = await Promise.all([this.#child.status, this.#reading]);
    return success;
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      const last = lines.at(-1);
      if (last !== undefined) this.#last = JSON.parse(last);
    }
  }
}
