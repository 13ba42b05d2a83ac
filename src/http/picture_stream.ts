/**
 * Pictures as the body of one answer, multipart/x-mixed-replace: each part takes the place of the one
 * before. A reader that is slow gets the newest picture when it comes to read, and never a queue: one
 * picture waits, another takes its place.
 */
import type { Cancel, Clock } from "../base/mod.ts";

/** A reader that lets a picture wait for so long is given up: its source works for nobody. */
const STALLED_MS = 30_000;
/** The first bytes of a JPEG file: its start, and the marker of the first segment (ISO 10918-1, B.1.1.3). */
const JPEG_START = [0xff, 0xd8, 0xff];

/** One picture. */
export type Picture = {
  /** A file in JPEG; not copied, so nobody may write into it. */
  readonly jpeg: Uint8Array;
  /** Microseconds of the clock of its source. */
  readonly timestampUs: number;
};

/** What a stream is made with. */
export type PictureStreamOptions = {
  /** Stands between the parts. Nobody who makes pictures may know it, or it could make parts. */
  readonly boundary: string;
  readonly clock: Clock;
  /** A picture goes out, or is skipped because another came before it could. */
  readonly settled: (picture: Picture, isSent: boolean) => void;
  /** The reader has gone, or is given up. Not called after {@linkcode PictureStream.end}. */
  readonly left: () => void;
};

/** One reader's pictures. */
export class PictureStream {
  /** The body of the answer. */
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: PictureStreamOptions;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #waiting: Picture | undefined;
  #cancelStall: Cancel | undefined;
  #pulled: (() => void) | undefined;
  #isFirst = true;

  /** Waits for pictures, and for its reader. */
  constructor(options: PictureStreamOptions) {
    this.#options = options;
    const source: UnderlyingDefaultSource<Uint8Array> = {
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#pull(),
      cancel: () => this.#leave(),
    };
    // Nothing is kept ahead of the reader: a picture is made a part when it is asked for.
    this.body = new ReadableStream(source, { highWaterMark: 0 });
  }

  /** The media type of the answer. */
  get contentType(): string {
    return contentTypeOf(this.#options.boundary);
  }

  /** Shows a picture, now or when the reader comes; one that waits already is skipped. */
  offer(picture: Picture): void {
    if (this.#controller === undefined) return;
    const before = this.#waiting;
    this.#waiting = picture;
    if (before !== undefined) this.#options.settled(before, false);
    if (this.#pulled !== undefined) return this.#send();
    this.#cancelStall ??= this.#options.clock.after(STALLED_MS, () => this.#giveUp());
  }

  /** Ends the answer. Idempotent. */
  end(): void {
    const controller = this.#controller;
    this.#forget();
    controller?.close();
  }

  #pull(): void | Promise<void> {
    if (this.#waiting !== undefined) return this.#send();
    return new Promise((resolve) => this.#pulled = resolve);
  }

  #send(): void {
    const picture = this.#waiting!; // Both callers looked.
    this.#waiting = undefined;
    this.#endStall();
    this.#controller?.enqueue(this.#partOf(picture));
    this.#options.settled(picture, true);
    this.#pulled?.();
    this.#pulled = undefined;
  }

  /**
   * A part, and behind it the delimiter of the next: browsers show a part when they meet the end of
   * it, which else would come a period later.
   */
  #partOf({ jpeg, timestampUs }: Picture): Uint8Array {
    const { boundary } = this.#options;
    const delimiter = `--${boundary}\r\n`;
    const head = `${this.#isFirst ? delimiter : ""}Content-Type: image/jpeg\r\n` +
      `Content-Length: ${jpeg.length}\r\nX-Timestamp: ${secondsOf(timestampUs)}\r\n\r\n`;
    this.#isFirst = false;
    const encoder = new TextEncoder();
    const parts = [encoder.encode(head), jpeg, encoder.encode(`\r\n${delimiter}`)];
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #giveUp(): void {
    this.#controller?.error(new Error("Cannot go on: the reader takes nothing"));
    this.#leave();
  }

  #leave(): void {
    if (this.#controller === undefined) return;
    this.#forget();
    this.#options.left();
  }

  #forget(): void {
    this.#controller = undefined;
    this.#waiting = undefined;
    this.#endStall();
    this.#pulled?.();
    this.#pulled = undefined;
  }

  /** The reader has come, or need not come any more. */
  #endStall(): void {
    this.#cancelStall?.();
    this.#cancelStall = undefined;
  }
}

/** The media type of pictures with that boundary (WHATWG HTML, section "Page load processing model"). */
export function contentTypeOf(boundary: string): string {
  return `multipart/x-mixed-replace; boundary=${boundary}`;
}

/** Microseconds as seconds with all digits. */
export function secondsOf(timestampUs: number): string {
  const micros = `${timestampUs}`.padStart(7, "0");
  return `${micros.slice(0, -6)}.${micros.slice(-6)}`;
}

/** Whether bytes look like a file in JPEG. */
export function isJpeg(bytes: Uint8Array): boolean {
  return JPEG_START.every((byte, at) => bytes[at] === byte);
}
