/** A media host over the fake media process or the real one, its log, and a way to end it. */
import { type Clock, type Logger, systemClock } from "../../src/base/mod.ts";
import { MediaHost } from "../../src/media/host.ts";
import { spawnMedia } from "../../src/media/host/spawn_media.ts";
import { freeUdpPort } from "./ports.ts";
import { waitUntil } from "./wait_until.ts";

/** The fake. */
export const FAKE_ENTRY = new URL("fake_media_child.ts", import.meta.url).href;

/** What a host is made with. */
export type HostFixtureOptions = {
  /** The ports of its processes; those of the fake mean something. Default: one, without meaning. */
  readonly ports?: readonly number[];
  readonly clock?: Clock;
  /** What is run. Default: the fake. */
  readonly entry?: string;
  /** What is kept in reserve. Default: nothing is. */
  readonly spareEntry?: string;
};

/** A host. */
export class HostFixture {
  readonly host: MediaHost;
  /** `error media process died it has ended …`, and so on. */
  readonly logged: string[] = [];
  /** How many programs were started. */
  starts = 0;
  /** Starting fails as it does without the permission to run programs. */
  mayRun = true;

  constructor(options: HostFixtureOptions = {}) {
    const { ports = [1_000], clock = systemClock, entry = FAKE_ENTRY, spareEntry } = options;
    const processes = ports.map((port) => ({ port, bindAddress: "127.0.0.1", candidates: [] }));
    this.host = new MediaHost({
      processes,
      spawn: (start) => {
        this.starts++;
        if (!this.mayRun) throw new Deno.errors.NotCapable('Requires run access to "deno"');
        return spawnMedia([start], { entry });
      },
      ...(spareEntry === undefined
        ? {}
        : { spawnSpare: () => spawnMedia(processes, { entry: spareEntry }) }),
      clock,
      log: this.#log(),
    });
  }

  /** One over a real media process on a free port. */
  static async real({ recordingsFolder }: { recordingsFolder?: string } = {}): Promise<MediaHost> {
    const port = await freeUdpPort();
    return new MediaHost({
      processes: [{
        port,
        bindAddress: "127.0.0.1",
        candidates: [{ address: "127.0.0.1", port, priority: 2_130_706_431 }],
        recordingsFolder,
      }],
      spawn: (start) => spawnMedia([start]),
      clock: systemClock,
      log: new HostFixture().#log(),
    });
  }

  /** Waits for a line of the log. */
  async untilLogged(expected: RegExp): Promise<string> {
    let found: string | undefined;
    await waitUntil(() => {
      found = this.logged.find((line) => expected.test(line));
      return found === undefined ? `the log has ${this.logged.join("; ")}` : undefined;
    });
    return found!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host.close();
  }

  #log(): Logger {
    const note = (level: string) => (message: string, fields: Record<string, unknown> = {}) => {
      this.logged.push(`${level} ${message} ${Object.values(fields).join(" ")}`);
    };
    return { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
  }
}
