/**
 * Those who watch pictures over HTTP: each has the right to see a room, a place with its address, and a
 * watch on one participant, and gives back all three at once, whichever ends first. They are no members
 * of any room. The routes of pictures ask it; the application closes it before the listener.
 */
import { type Claims, Expiry } from "../access/mod.ts";
import type { Clock, Logger, Random } from "../base/mod.ts";
import { type LeaveReason, ProtocolError, type UserId } from "../protocol/mod.ts";
import type { PictureWatchOptions, Sight } from "../signaling/mod.ts";
import type { AddressGate } from "./address_gate.ts";
import { addressKey } from "./client_address.ts";
import { isJpeg, type Picture, PictureStream } from "./picture_stream.ts";
import { HttpError } from "./problem.ts";
import type { StreamForm, StreamRequest } from "./stream_request.ts";

/** A page that makes pictures sends the first at once; one in the background may take seconds. */
export const FIRST_PICTURE_MS = 8_000;
/** Characters of a boundary: 132 bits. Who makes the pictures must not be able to write one. */
const BOUNDARY_LENGTH = 22;

/** Has the pictures of a participant made, as long as it is open. Throws ProtocolError. */
export type WatchPictures = (options: PictureWatchOptions) => { readonly close: () => void };

/** What the viewers depend on. */
export type StreamViewersOptions = {
  readonly watchPictures: WatchPictures;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly addresses: AddressGate;
  /** At once. */
  readonly maxViewers: number;
};

/** Somebody who may watch. */
export type Viewer = {
  readonly sight: Pick<Sight, "refuseNow">;
  /** What its access token says, where one was demanded. */
  readonly claims: Claims | undefined;
  /** Its IP address, where it is known. */
  readonly address: string | undefined;
};

/** What went out since the start. */
export type StreamCounts = { sent: number; bytes: number; skipped: number };

/** One who watches. */
type Viewing = {
  readonly form: StreamForm;
  /** Rejects with what ended it, where that came first. */
  readonly first: Promise<Picture>;
  /** Where pictures go behind the first. */
  stream: PictureStream | undefined;
  readonly end: (reason: Error) => void;
};

/** All of them. */
export class StreamViewers {
  /** Pictures that went out, their bytes, and those that a slow reader did not get. */
  readonly counts: StreamCounts = { sent: 0, bytes: 0, skipped: 0 };
  readonly #options: StreamViewersOptions;
  readonly #viewings = new Set<Viewing>();
  #isClosed = false;

  /** Nobody at first. */
  constructor(options: StreamViewersOptions) {
    this.#options = options;
  }

  /** How many watch in that form. */
  count(form: StreamForm): number {
    let count = 0;
    for (const viewing of this.#viewings) if (viewing.form === form) count++;
    return count;
  }

  /** Why nobody can watch now, if so. */
  get refusal(): "server-shutting-down" | "too-many-connections" | undefined {
    if (this.#isClosed) return "server-shutting-down";
    return this.#viewings.size >= this.#options.maxViewers ? "too-many-connections" : undefined;
  }

  /** One picture. Rejects with HttpError or ProtocolError where none comes in time. */
  async picture(request: StreamRequest, viewer: Viewer): Promise<Picture> {
    const viewing = this.#begin(request, viewer);
    try {
      const picture = await viewing.first;
      this.#settled(picture, true);
      return picture;
    } finally {
      viewing.end(new DOMException("It has its picture", "AbortError"));
    }
  }

  /** A body of pictures, once the first is there. Rejects as {@linkcode picture} does. */
  async stream(request: StreamRequest, viewer: Viewer): Promise<PictureStream> {
    const { clock, random } = this.#options;
    const viewing = this.#begin(request, viewer);
    const stream = new PictureStream({
      boundary: random.id(BOUNDARY_LENGTH),
      clock,
      settled: (picture, isSent) => this.#settled(picture, isSent),
      left: () => viewing.end(new DOMException("The reader has gone", "AbortError")),
    });
    viewing.stream = stream;
    await viewing.first;
    return stream;
  }

  /** The server stops: every answer ends. Idempotent. */
  close(): void {
    this.#isClosed = true;
    const error = new ProtocolError("server-shutting-down", "Cannot go on: the server stops");
    for (const { end } of [...this.#viewings]) end(error);
  }

  #begin(
    { form, roomId, userId, width, framesPerSecond }: StreamRequest,
    { sight, claims, address }: Viewer,
  ): Viewing {
    const { watchPictures, clock, addresses, log } = this.#options;
    const { promise: first, resolve, reject } = Promise.withResolvers<Picture>();
    first.catch(() => {}); // Whoever waits for it hears of it; later nobody does.
    const closings: (() => void)[] = [];
    const end = (reason: Error) => {
      if (!this.#viewings.delete(viewing)) return;
      for (const close of closings) close();
      reject(reason);
      viewing.stream?.end();
      log.debug("pictures ended", { form, roomId, userId, reason: reason.message });
    };
    const viewing: Viewing = { form, first, stream: undefined, end };
    const watch = watchPictures({
      roomId,
      userId,
      width,
      framesPerSecond,
      received: (jpeg, timestampUs) => {
        if (!this.#viewings.has(viewing) || !isJpeg(jpeg)) return;
        const refusal = refusalOf(sight);
        if (refusal !== undefined) return end(refusal);
        const picture = { jpeg, timestampUs };
        viewing.stream?.offer(picture);
        resolve(picture);
      },
      ended: (reason) => end(gone(userId, reason)),
    });
    this.#viewings.add(viewing);
    const expiry = new Expiry(clock, {
      warn: () => {},
      end: () => end(new ProtocolError("bad-token", "Cannot go on: the token has expired")),
    });
    if (claims !== undefined) expiry.watch(claims.expiresAt);
    const cancelWait = clock.after(FIRST_PICTURE_MS, () => end(late(userId)));
    void first.then(cancelWait, cancelWait);
    closings.push(
      () => watch.close(),
      () => expiry.close(),
      cancelWait,
      addresses.enter(address && addressKey(address)),
    );
    log.debug("pictures begun", { form, roomId, userId });
    return viewing;
  }

  #settled({ jpeg }: Picture, isSent: boolean): void {
    const { counts } = this;
    if (!isSent) counts.skipped++;
    else {
      counts.sent++;
      counts.bytes += jpeg.length;
    }
  }
}

/** Why a room may not be seen any more, if so. */
function refusalOf({ refuseNow }: Viewer["sight"]): Error | undefined {
  try {
    refuseNow();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

function gone(userId: UserId, reason: LeaveReason): ProtocolError {
  const message = `Cannot watch "${userId}": it has left the room, ${reason}`;
  return new ProtocolError("no-such-participant", message);
}

/** RFC 9110, section 15.6.5: the server waited for another, here for the page of the participant. */
function late(userId: UserId): HttpError {
  return new HttpError(504, {
    code: "no-picture",
    message: `Cannot show "${userId}": no picture came within ${FIRST_PICTURE_MS / 1000} s; ` +
      "its page may be in the background, or its camera gives nothing",
  });
}
