/**
 * The shapes that several messages share: a participant, a room, a session description. One JSON
 * Schema each; the TypeScript types are read from the schemas.
 */
import Type, { type Static } from "typebox";
import { RoomIdSchema, UserIdSchema } from "./ids.ts";
import { MAX_NAME_LENGTH, MAX_REQUEST_ID_LENGTH } from "./limits.ts";
import { TrackSchema } from "./track_shapes.ts";

/** Rule ME4: repeated in the reply or the error. */
export const RequestIdSchema = Type.Union([
  Type.String({ minLength: 1, maxLength: MAX_REQUEST_ID_LENGTH }),
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
], { description: "Chosen by the client; the reply or the error repeats it." });
/** Ties a reply to its request. */
export type RequestId = Static<typeof RequestIdSchema>;

/** Rule JO6: what a participant may do in a room. */
export const RoleSchema = Type.Union(
  [Type.Literal("participant"), Type.Literal("broadcaster"), Type.Literal("viewer")],
  { description: "What the participant may do; participant unless stated." },
);
/** What a participant may do in a room. */
export type Role = Static<typeof RoleSchema>;

/** What a room is for. */
export const RoomKindSchema = Type.Union([Type.Literal("meeting"), Type.Literal("live")], {
  description: "What the room is for.",
});
/** What a room is for. */
export type RoomKind = Static<typeof RoomKindSchema>;

/** Rule ID3: a name stays on its line and turns no text around it. */
export const NameSchema = Type.String({
  minLength: 1,
  maxLength: MAX_NAME_LENGTH,
  pattern: "^[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u202A-\\u202E\\u2066-\\u2069]+$",
  description: "A name for people; need not be unique.",
});

/** Rule ST1: what a participant shows of itself; a key left out is as it was. */
export const MediaStateSchema = Type.Object({
  audio: Type.Optional(Type.Boolean({ description: "The microphone is on." })),
  video: Type.Optional(Type.Boolean({ description: "The camera is on." })),
  screen: Type.Optional(Type.Boolean({ description: "The screen is shared." })),
  hand: Type.Optional(Type.Boolean({ description: "The hand is raised." })),
  recording: Type.Optional(Type.Boolean({ description: "It records what it sees and hears." })),
});
/** What a participant shows of itself. */
export type MediaState = Static<typeof MediaStateSchema>;
/** The keys of a {@linkcode MediaState}. */
export const MEDIA_STATE_KEYS: readonly (keyof MediaState)[] = Object.keys(
  MediaStateSchema.properties,
) as (keyof MediaState)[]; // The schema's own keys.

/** A participant as the others see it. */
export const ParticipantSchema = Type.Object({
  userId: UserIdSchema,
  name: Type.Optional(NameSchema),
  role: RoleSchema,
  state: MediaStateSchema,
  joinedAt: Type.Integer({ description: "Milliseconds since the Unix epoch." }),
  connected: Type.Optional(
    Type.Boolean({
      description: "False while its connection is lost and it may resume (rule RE3).",
    }),
  ),
  host: Type.Optional(Type.Literal(true, { description: "It may moderate the room." })),
  tracks: Type.Optional(
    Type.Array(TrackSchema, { description: "What it sends to the server (rule PB3)." }),
  ),
});
/** A participant as the others see it. */
export type ParticipantView = Static<typeof ParticipantSchema>;

/** Rule TO1: from each to each, or through the server. */
export const TopologySchema = Type.Union([Type.Literal("mesh"), Type.Literal("sfu")], {
  description: "How media travel: from each to each, or through the server.",
});
/** From each to each, or through the server. */
export type Topology = Static<typeof TopologySchema>;

/** A room as its members see it. */
export const RoomSchema = Type.Object({
  roomId: RoomIdSchema,
  kind: RoomKindSchema,
  topology: TopologySchema,
  createdAt: Type.Integer({ description: "Milliseconds since the Unix epoch." }),
  locked: Type.Optional(Type.Literal(true, { description: "Nobody else may join." })),
  passcode: Type.Optional(Type.Literal(true, { description: "Joins need its passcode." })),
  lobby: Type.Optional(Type.Literal(true, { description: "Who joins waits for the host." })),
});
/** A room as its members see it. */
export type RoomView = Static<typeof RoomSchema>;

/** RTCSessionDescriptionInit of an offer (W3C WebRTC 1.0, section 4.6.2). */
export const OfferDescriptionSchema = Type.Object({
  type: Type.Literal("offer"),
  sdp: Type.String({ description: "RFC 8866" }),
});

/** RTCSessionDescriptionInit of an answer (W3C WebRTC 1.0, section 4.6.2). */
export const AnswerDescriptionSchema = Type.Object({
  type: Type.Union([Type.Literal("answer"), Type.Literal("pranswer")]),
  sdp: Type.String({ description: "RFC 8866" }),
});

/** RTCIceCandidateInit, or null at the end of candidates (W3C WebRTC 1.0, section 4.8.1). */
export const CandidateSchema = Type.Union([
  Type.Object({
    candidate: Type.String({ description: "RFC 8839, section 5.1; empty: end of candidates." }),
    sdpMid: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    sdpMLineIndex: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()])),
    usernameFragment: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  }),
  Type.Null(),
]);

/** RTCIceServer (W3C WebRTC 1.0, section 4.2.4). */
export const IceServerSchema = Type.Object({
  urls: Type.Union([Type.String(), Type.Array(Type.String())]),
  username: Type.Optional(Type.String()),
  credential: Type.Optional(Type.String()),
});
/** One STUN or TURN server. */
export type IceServer = Static<typeof IceServerSchema>;

/** What a host can ask a participant to switch off; the names of the media state. */
export const MUTABLE_KINDS = ["audio", "video", "screen"] as const;
/** One of {@linkcode MUTABLE_KINDS}. */
export type MutableKind = typeof MUTABLE_KINDS[number];
/** One of {@linkcode MUTABLE_KINDS}, as a schema. */
export const MutableKindSchema = Type.Unsafe<MutableKind>(
  Type.Union(MUTABLE_KINDS.map((kind) => Type.Literal(kind))),
);

/** The path that media takes to a viewer, best first. */
export const MEDIA_PATHS = ["p2p", "turn", "sfu", "relay"] as const;
/** One of {@linkcode MEDIA_PATHS}. */
export type MediaPath = typeof MEDIA_PATHS[number];

/** Single pictures that somebody wants of a participant (rule FR4). */
export const WantedPictureSchema = Type.Object({
  pictureId: Type.Integer({ minimum: 1, maximum: 65_535, description: "Stands in the frames." }),
  width: Type.Integer({
    minimum: 16,
    maximum: 3_840,
    description: "Pixels; never more than it has.",
  }),
  framesPerSecond: Type.Number({ minimum: 0.1, maximum: 30 }),
});
/** Single pictures that somebody wants of a participant. */
export type WantedPicture = Static<typeof WantedPictureSchema>;

/** Milliseconds that media took each path, by path. */
export const PathTimesSchema = Type.Object(
  Object.fromEntries(
    MEDIA_PATHS.map((path) => [path, Type.Optional(Type.Number({ minimum: 0 }))]),
  ) as Record<MediaPath, Type.TOptional<Type.TNumber>>, // The paths are its keys.
  { description: "Milliseconds that media took each path since the join." },
);
/** Milliseconds that media took each path, by path. */
export type PathTimes = Static<typeof PathTimesSchema>;

/** What a server grants each of its connections. */
export const LimitsSchema = Type.Object({
  maxMessageBytes: Type.Integer({ description: "Longest message a client may send." }),
  messagesPerSecond: Type.Number({ description: "Rate at which the token bucket fills." }),
  messageBurst: Type.Integer({ description: "Tokens the bucket holds." }),
  maxParticipants: Type.Integer({ description: "Participants of one room." }),
});
/** What a server grants each of its connections. */
export type Limits = Static<typeof LimitsSchema>;
