/**
 * `deno task participant` as a process of its own, with exactly the permissions of its task, whose
 * reports a test waits for.
 */
import type { ParticipantReport, TrackReport } from "../../cli/media/room/participant_report.ts";
import { taskArguments } from "./start_task.ts";
import { waitUntil } from "./wait_until.ts";

/** A line of its output. */
export type HeadlessReport = ParticipantReport & {
  readonly type: "report" | "ended";
  readonly topology: string;
  readonly links: Readonly<Record<string, string>>;
};

/** A running participant. */
export class HeadlessParticipant {
  readonly name: string;
  /** Everything it has said on its output, line by line. */
  readonly lines: Record<string, unknown>[] = [];
  /** What it said beside. */
  err = "";
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<unknown>;

  private constructor(name: string, child: Deno.ChildProcess) {
    this.name = name;
    this.#child = child;
    this.#read = Promise.all([this.#readOut(), this.#readErr()]);
  }

  /** Starts one that is called `name`, and waits until it is in its room. */
  static async join(name: string, args: readonly string[]): Promise<HeadlessParticipant> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [...taskArguments("participant"), "--user", name, "--json", ...args],
      cwd: new URL("../../", import.meta.url),
      env: { NO_COLOR: "1" },
      ...{ stdin: "null", stdout: "piped", stderr: "piped" },
    }).spawn();
    const participant = new HeadlessParticipant(name, child);
    let hasEnded = false;
    void child.status.then(() => hasEnded = true);
    await waitUntil(() => {
      if (hasEnded) throw new Error(`${name} has ended: ${participant.err}`);
      const isIn = participant.lines.some(({ type }) => type === "joined");
      return isIn ? undefined : `${name} is not in: ${participant.err}`;
    });
    return participant;
  }

  /** Its last report. */
  get report(): HeadlessReport | undefined {
    return this.lines.findLast(({ type }) => type === "report") as HeadlessReport | undefined;
  }

  /** Waits until a report says that of `userId`'s camera or what else `source` names. */
  async untilTrack(
    userId: string,
    source: string,
    isSo: (track: TrackReport) => boolean,
  ): Promise<TrackReport> {
    let found: TrackReport | undefined;
    await waitUntil(() => {
      const track = this.report?.tracks.find((one) =>
        one.userId === userId && one.source === source
      );
      if (track !== undefined && isSo(track)) found = track;
      const seen = JSON.stringify(track ?? this.report ?? null);
      return found === undefined
        ? `${this.name} gets of ${userId}: ${seen} ${this.err}`
        : undefined;
    });
    return found!;
  }

  /** Presses Ctrl-C, and waits for the exit code. */
  async stop(): Promise<number> {
    try {
      this.#child.kill("SIGINT");
    } catch {
      // It has ended already.
    }
    const { code } = await this.#child.status;
    await this.#read;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #readOut(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      this.lines.push(...lines.map((line) => JSON.parse(line)));
    }
  }

  async #readErr(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.err += text;
    }
  }
}
