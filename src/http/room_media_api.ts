/**
 * The media of a room as the server sees them, for the administrator: counters of everything, and the
 * packets of one participant for Wireshark.
 */
import type { Context, Hono } from "hono";
import type { Clock } from "../base/mod.ts";
import type { CaptureOptions, MediaRoom, MediaRoomStats } from "../media/port.ts";
import { ProtocolError, quoted } from "../protocol/mod.ts";
import type { Room } from "../rooms/mod.ts";
import type { Hub } from "../signaling/mod.ts";
import type { RefuseOthers } from "./administration.ts";
import { waitForMedia } from "./media_wait.ts";
import { readUserId } from "./path_ids.ts";
import { HttpError } from "./problem.ts";
import { findRoom } from "./recordings_api.ts";

/** Captures at once; each costs a copy of all packets of its participant. */
const MAX_CAPTURES = 4;
/** Default and bound of what a capture takes. */
const CAPTURE_SECONDS = { standard: 10, max: 600 };
const CAPTURE_BYTES = { standard: 10_000_000, max: 1_000_000_000 };

/** What the routes depend on. */
export type RoomMediaApiOptions = {
  readonly hub: Hub;
  readonly clock: Clock;
  /** Keeps from administration who is no administrator. */
  readonly refuseOthers: RefuseOthers;
};

const NOTHING: MediaRoomStats = { publications: [], subscriptions: [], estimates: [] };

/** Adds the routes. */
export function addRoomMediaRoutes(app: Hono, options: RoomMediaApiOptions): void {
  const { hub: { registry }, clock, refuseOthers } = options;
  let captures = 0;

  app.get("/api/rooms/:id/media", async (context) => {
    const attempt = "Cannot show the media";
    refuseOthers(context, attempt);
    const { media: { carrier }, view } = findRoom(registry, context.req.param("id"), attempt);
    const stats = await (carrier && waitForMedia(carrier.stats(), clock, attempt));
    const { recording: _, ...counted } = stats ?? NOTHING; // The recordings have a list of their own.
    return context.json({ topology: view.topology, ...counted });
  });

  app.get("/api/rooms/:id/participants/:userId/capture.pcap", async (context) => {
    const attempt = "Cannot capture";
    refuseOthers(context, attempt);
    const bounds = readBounds(context);
    const room = findRoom(registry, context.req.param("id"), attempt);
    const userId = readUserId(context.req.param("userId"));
    const carrier = carrierOf(room, attempt);
    if (!room.has(userId)) {
      const message = `${attempt} "${userId}": no such participant in room "${room.roomId}"`;
      throw new ProtocolError("no-such-participant", message);
    }
    const headers = {
      "content-type": "application/vnd.tcpdump.pcap",
      "content-disposition": 'attachment; filename="capture.pcap"',
      "cache-control": "no-store",
    };
    // A capture without a reader would run for nobody.
    if (context.req.raw.method === "HEAD") return new Response(null, { headers });
    if (captures >= MAX_CAPTURES) {
      const sentence = `${attempt}: ${captures} captures run already`;
      throw new ProtocolError("rate-limited", sentence, { retryAfterMs: bounds.maxMs });
    }
    captures++;
    const reader = carrier.capture(userId, bounds).getReader();
    try {
      // The answer cannot be taken back once it has begun, and the media process may refuse.
      const first = await waitForMedia(reader.read(), clock, attempt);
      return new Response(untilEnd(reader, { first, ended: () => captures-- }), { headers });
    } catch (error) {
      captures--;
      reader.cancel(error).catch(() => {}); // It has failed, and says so to us alone.
      throw error;
    }
  });
}

function carrierOf({ roomId, media: { carrier } }: Room, attempt: string): MediaRoom {
  if (carrier !== undefined) return carrier;
  throw new HttpError(409, {
    code: "not-carried",
    message: `${attempt}: the media of room "${roomId}" do not go through the server`,
  });
}

/** `?seconds=&maxBytes=`. Throws `bad-message`. */
function readBounds(context: Context): CaptureOptions {
  const read = (name: string, { standard, max }: typeof CAPTURE_BYTES) => {
    const text = context.req.query(name) ?? `${standard}`;
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= 1 && number <= max) return number;
    const expected = `it is not a whole number from 1 to ${max}`;
    throw new ProtocolError("bad-message", `Cannot use ${name} ${quoted(text)}: ${expected}`);
  };
  return {
    maxMs: read("seconds", CAPTURE_SECONDS) * 1000,
    maxBytes: read("maxBytes", CAPTURE_BYTES),
  };
}

type Part = ReadableStreamReadResult<Uint8Array>;

/** `first` and the rest, and a call of `ended` once, when it has ended, failed or been cancelled. */
function untilEnd(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { first, ended }: { readonly first: Part; readonly ended: () => void },
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next: Part | undefined = first;
  let isOver = false;
  const end = () => {
    if (!isOver) ended();
    isOver = true;
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = next ?? await reader.read();
        next = undefined;
        if (!done) return controller.enqueue(value as Uint8Array<ArrayBuffer>); // Not shared memory.
        end();
        controller.close();
      } catch (error) {
        end();
        throw error;
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  });
}
