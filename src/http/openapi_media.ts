/**
 * The administrator's view of a room's media in the OpenAPI document: counters, recordings, captures.
 */
import { TRACK_SOURCES, UserIdSchema } from "../protocol/mod.ts";
import {
  BY_ADMINISTRATOR,
  content,
  idParameter,
  type Json,
  json,
  operation,
  problems,
  ref,
  REFUSED,
} from "./openapi_parts.ts";
import { RecordingRequestSchema } from "./recordings_api.ts";

const FOUND = { ...REFUSED, 400: "invalid-room-id", 404: "room-not-found" };
/** What the media plane may say to each question. */
const PLANE = { 503: "unavailable", 504: "media-failed" };

/** The operations by path. */
export function mediaPaths(): Json {
  return {
    "/api/rooms/{roomId}/media": {
      parameters: [idParameter("roomId")],
      get: operation("readMedia", "What goes through the server for a room", {
        200: json("Counters since each stream began", ref("RoomMedia")),
        ...problems({ ...FOUND, ...PLANE }),
      }, BY_ADMINISTRATOR),
    },
    "/api/rooms/{roomId}/recordings": {
      parameters: [idParameter("roomId")],
      get: operation("listRecordings", "What was recorded of a room since it began", {
        200: json("Its recordings, oldest first", {
          type: "object",
          required: ["recordings"],
          properties: { recordings: { type: "array", items: ref("Recording") } },
        }),
        ...problems(FOUND),
      }, BY_ADMINISTRATOR),
      post: operation("startRecording", "Record a room from now on", {
        201: json("The recording that runs", ref("Recording")),
        ...problems({
          ...FOUND,
          ...PLANE,
          400: "bad-message or invalid-room-id",
          409: "already-recording, or not-recording: its media do not go through the server",
          413: "message-too-large",
          501: "not-configured",
        }),
      }, {
        ...BY_ADMINISTRATOR,
        requestBody: {
          description: "Bounds below the server's own, and the container; WebM by default",
          ...content(RecordingRequestSchema),
        },
      }),
      delete: operation("stopRecording", "End the recording; its files are complete then", {
        200: json("The recording that has ended", ref("Recording")),
        ...problems({ ...FOUND, ...PLANE, 409: "not-recording" }),
      }, BY_ADMINISTRATOR),
    },
    "/api/rooms/{roomId}/participants/{userId}/capture.pcap": {
      parameters: [idParameter("roomId"), idParameter("userId")],
      get: operation("capturePackets", "The RTP and RTCP of one participant, decrypted", {
        200: {
          description: "A pcap file, as it comes about; RTP has the ports 5004 and 5006",
          content: { "application/vnd.tcpdump.pcap": { schema: { type: "string" } } },
        },
        ...problems({
          ...FOUND,
          400: "bad-message, invalid-room-id or invalid-user-id",
          404: "room-not-found or no-such-participant",
          409: "not-carried",
        }),
      }, {
        ...BY_ADMINISTRATOR,
        parameters: [
          bound("seconds", "Ends after this long", { maximum: 600, default: 10 }),
          bound("maxBytes", "Ends before it is longer", {
            maximum: 1_000_000_000,
            default: 10_000_000,
          }),
        ],
      }),
    },
  };
}

/** The schemas that they refer to. */
export function mediaSchemas(): Json {
  const count = { type: "integer", minimum: 0 };
  const text = { type: "string" };
  const counters = Object.fromEntries(
    ["packets", "bytes", "lost", "nacks", "plis", "retransmitted"].map((name) => [name, count]),
  );
  const source = { type: "string", enum: [...TRACK_SOURCES] };
  const layer = object({
    ...counters,
    rid: text,
    bitrateKbps: number,
    width: count,
    height: count,
  });
  return {
    RoomMedia: object({
      topology: { type: "string", enum: ["mesh", "sfu"] },
      publications: list(object({
        ...{ userId: UserIdSchema, trackId: text, source, codec: text },
        layers: list(layer),
      })),
      subscriptions: list(object({
        ...counters,
        ...{ userId: UserIdSchema, from: UserIdSchema, trackId: text, source },
        isPaused: { type: "boolean" },
        rid: { type: "string", description: "The layer that is forwarded; empty while none is" },
        ...{ height: count, bitrateKbps: number, roundTripMs: number },
      })),
      estimates: list(object({
        userId: UserIdSchema,
        bitrate: { type: "number", description: "What it is believed to take, bits a second" },
      })),
    }),
    Recording: {
      ...object({
        recordingId: text,
        state: { type: "string", enum: ["recording", "ended", "failed"] },
        startedAt: { type: "integer", description: "Milliseconds since the Unix epoch" },
        files: { ...list(text), description: "Below --recordings-dir; the last one is the index" },
        bytes: count,
        reason: { type: "string", description: "Why it ended" },
      }),
      required: ["recordingId", "state", "startedAt", "files", "bytes"],
    },
  };
}

const number: Json = { type: "number", minimum: 0 };

function object(properties: Json): Json {
  return { type: "object", required: Object.keys(properties), properties };
}

function list(items: Json): Json {
  return { type: "array", items };
}

function bound(name: string, description: string, range: Json): Json {
  return { name, in: "query", description, schema: { type: "integer", minimum: 1, ...range } };
}
