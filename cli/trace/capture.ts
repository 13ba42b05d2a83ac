/**
 * Writes what all users of a run send and receive into a capture (`capture_format.ts`), as it happens.
 * `simulate --record` gives each user's connection a trace of it.
 */
import type { Clock } from "../../src/base/mod.ts";
import { unpackFrame } from "../../src/protocol/wire.ts";
import type { JsonLines } from "../json_lines.ts";
import { CAPTURE_FORMAT } from "./capture_format.ts";
import type { Direction, FrameTrace } from "./frame_trace.ts";

/** The recorder of a run. */
export class CaptureRecorder {
  readonly #lines: JsonLines;
  readonly #clock: Clock;

  /** Begins the capture; `lines` is closed by {@linkcode close}. */
  constructor(lines: JsonLines, clock: Clock) {
    this.#lines = lines;
    this.#clock = clock;
    lines.add({ format: CAPTURE_FORMAT, at: clock.now() });
  }

  /** The trace of `user`. */
  traceOf(user: string): FrameTrace {
    const add = (what: object) => this.#lines.add({ at: this.#clock.now(), user, ...what });
    return {
      connecting: () => add({ event: "connecting" }),
      opened: () => add({ event: "opened" }),
      frame: (direction, text) => {
        for (const message of messagesOf(direction, text)) {
          add({ direction: direction === "sent" ? "out" : "in", message });
        }
      },
      ended: (code, reason) => add({ event: "ended", code, reason }),
    };
  }

  /** Writes the rest; throws UsageError when not all of it could be written. */
  close(): void {
    this.#lines.close();
  }
}

/** Only what comes is packed: a client sends one message a frame (rules CO4, CO6). */
function messagesOf(direction: Direction, text: string): unknown[] {
  try {
    return direction === "sent" ? [JSON.parse(text)] : unpackFrame(text);
  } catch {
    return [{ raw: text }];
  }
}
