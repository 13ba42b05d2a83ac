/**
 * The shapes of media that go through the server: tracks, and what carries them. One JSON Schema
 * each; the TypeScript types are read from the schemas. Rules PB1-PB6, SB1-SB6, SP1.
 */
import Type, { type Static } from "typebox";
import { UserIdSchema } from "./ids.ts";

/** Longest id of a track that is looked at; the server's own are shorter. */
const MAX_TRACK_ID_LENGTH = 64;
/** Longest identification tag of an m-line (RFC 8843, section 15). */
const MAX_MID_LENGTH = 16;

/** What a track shows or lets hear. */
export const TRACK_SOURCES = ["microphone", "camera", "screen", "screen-sound"] as const;
/** One of {@linkcode TRACK_SOURCES}. */
export type TrackSource = typeof TRACK_SOURCES[number];
/** One of {@linkcode TRACK_SOURCES}, as a schema. */
export const TrackSourceSchema = Type.Unsafe<TrackSource>(
  Type.Union(TRACK_SOURCES.map((source) => Type.Literal(source))),
);

/** Names a track, within its room; made by the server. */
export const TrackIdSchema = Type.String({
  minLength: 1,
  maxLength: MAX_TRACK_ID_LENGTH,
  description: "Names a track in its room; made by the server.",
});

/** The identification tag of an m-line (RFC 8843). */
export const MidSchema = Type.String({
  minLength: 1,
  maxLength: MAX_MID_LENGTH,
  description: "The a=mid of its m-line.",
});

/** Counts the connections of one channel; another number is another RTCPeerConnection. */
export const ConnectionNumberSchema = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: "Another number than before is another RTCPeerConnection.",
});

/** A published track as the others see it. */
export const TrackSchema = Type.Object({
  trackId: TrackIdSchema,
  source: TrackSourceSchema,
});
/** A published track as the others see it. */
export type TrackView = Static<typeof TrackSchema>;

/** The two connections that a participant has with the server. */
export const MediaChannelSchema = Type.Union(
  [Type.Literal("publisher"), Type.Literal("subscriber")],
  { description: "Which of the two connections with the server." },
);
/** The two connections that a participant has with the server. */
export type MediaChannel = Static<typeof MediaChannelSchema>;

/** What one m-line of a publisher connection carries. */
export const PublishedMediaSchema = Type.Object({ mid: MidSchema, source: TrackSourceSchema });
/** What one m-line of a publisher connection carries. */
export type PublishedMedia = Static<typeof PublishedMediaSchema>;

/** What one m-line of a subscriber connection carries from now on. */
export const SubscribedMediaSchema = Type.Object({
  mid: MidSchema,
  trackId: TrackIdSchema,
  userId: UserIdSchema,
  source: TrackSourceSchema,
});
/** What one m-line of a subscriber connection carries from now on. */
export type SubscribedMedia = Static<typeof SubscribedMediaSchema>;

/** Somebody who is heard now. */
export const SpeakerSchema = Type.Object({
  userId: UserIdSchema,
  level: Type.Number({ minimum: 0, maximum: 1, description: "1 is as loud as it gets." }),
});
/** Somebody who is heard now. */
export type Speaker = Static<typeof SpeakerSchema>;

/** Whether a track is sound or picture (MediaStreamTrack.kind). */
export function kindOfSource(source: TrackSource): "audio" | "video" {
  return source === "camera" || source === "screen" ? "video" : "audio";
}
