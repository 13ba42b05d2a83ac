/**
 * What the server sends, one JSON Schema a type, each with an example. The rules behind each stand
 * in PROTOCOL.md.
 */
import Type, { type Static, type TProperties } from "typebox";
import { ERROR_CODES, type ErrorCode, LEAVE_REASONS, type LeaveReason } from "./errors.ts";
import { type ConnectionId, RoomIdSchema, UserIdSchema } from "./ids.ts";
import { PublishedCountersSchema, ReceivedCountersSchema } from "./media_stats_shapes.ts";
import {
  AnswerDescriptionSchema,
  CandidateSchema,
  IceServerSchema,
  LimitsSchema,
  MediaStateSchema,
  MutableKindSchema,
  NameSchema,
  OfferDescriptionSchema,
  ParticipantSchema,
  PathTimesSchema,
  RequestIdSchema,
  RoleSchema,
  RoomSchema,
  TopologySchema,
  WantedPictureSchema,
} from "./shapes.ts";
import {
  ConnectionNumberSchema,
  MediaChannelSchema,
  MidSchema,
  SpeakerSchema,
  SubscribedMediaSchema,
  TrackIdSchema,
  TrackSchema,
} from "./track_shapes.ts";
import { SUBPROTOCOL } from "./wire.ts";

const ann = { userId: "ann", role: "participant", state: {}, joinedAt: 1767225600000, host: true };
const room = { roomId: "test", kind: "meeting", topology: "mesh", createdAt: 1767225600000 };
const bob = { userId: "bob", name: "Bob", role: "participant", state: {}, joinedAt: 1767225601000 };
const counters = { packets: 1200, bytes: 1150000, lost: 3, nacks: 2, plis: 1, retransmitted: 3 };

const LeaveReasonSchema = Type.Unsafe<LeaveReason>(
  Type.Union(LEAVE_REASONS.map((reason) => Type.Literal(reason))),
);
const ErrorCodeSchema = Type.Unsafe<ErrorCode>(
  Type.Union(
    Object.entries(ERROR_CODES).map(([code, description]) => Type.Literal(code, { description })),
  ),
);
const roster = {
  users: Type.Array(UserIdSchema, { description: "Everyone in the room, in join order." }),
  participants: Type.Array(ParticipantSchema, { description: "The same, in full." }),
  room: RoomSchema,
};
const ExpirySchema = Type.Integer({ description: "Milliseconds since the Unix epoch." });
const delivery = {
  from: UserIdSchema,
  to: Type.Optional(UserIdSchema),
  at: Type.Integer({ description: "Milliseconds since the Unix epoch, by the server's clock." }),
  messageId: Type.String({ description: "Unique within the room." }),
};

/** The schemas by `type`. */
export const serverMessages = {
  welcome: message("welcome", {
    protocol: Type.Literal(SUBPROTOCOL),
    connectionId: Type.Unsafe<ConnectionId>(Type.String()),
    iceServers: Type.Array(IceServerSchema),
    heartbeatMs: Type.Integer({ description: "The server pings at least this often." }),
    limits: LimitsSchema,
  }, {
    description: "The first message of a connection (rule CO2).",
    example: {
      protocol: SUBPROTOCOL,
      connectionId: "p0Zc2Vn4Tq8m",
      iceServers: [{ urls: "stun:stun.example.org" }],
      heartbeatMs: 15000,
      limits: {
        maxMessageBytes: 65536,
        messagesPerSecond: 100,
        messageBurst: 200,
        maxParticipants: 1000,
      },
    },
  }),
  joined: message("joined", {
    roomId: RoomIdSchema,
    userId: UserIdSchema,
    ...roster,
    resumeToken: Type.Optional(Type.String({ description: "Keep it secret; rule RE1." })),
    resumeGraceMs: Type.Optional(Type.Integer({ description: "How long the seat is kept." })),
    iceServers: Type.Optional(Type.Array(IceServerSchema, {
      description: "In place of those of welcome: with credentials of this participant's own.",
    })),
  }, {
    description: "The reply to join (rule JO2).",
    example: {
      roomId: "test",
      userId: "bob",
      users: ["ann", "bob"],
      participants: [ann, bob],
      room,
    },
  }),
  resumed: message("resumed", {
    missed: Type.Integer({ minimum: 0, description: "Messages that follow, each with its seq." }),
    lastSeq: Type.Integer({ minimum: 0, description: "The seq of the last message so far." }),
    snapshot: Type.Optional(Type.Object(roster, {
      description: "The room as it is, in place of messages that are no longer kept.",
    })),
  }, {
    description: "The reply to resume (rule RE4).",
    example: { missed: 2, lastSeq: 43, requestId: 7 },
  }),
  lagged: message("lagged", {
    dropped: Type.Integer({ minimum: 1, description: "Messages that were dropped." }),
  }, {
    description: "The client read too slowly and missed messages; a snapshot follows (rule BP2).",
    example: { dropped: 412 },
  }),
  snapshot: message("snapshot", { roomId: RoomIdSchema, userId: UserIdSchema, ...roster }, {
    description: "The room as it is, after lagged (rule BP2).",
    example: {
      roomId: "test",
      userId: "bob",
      users: ["ann", "bob"],
      participants: [ann, bob],
      room,
    },
  }),
  "user-joined": message("user-joined", {
    roomId: RoomIdSchema,
    userId: UserIdSchema,
    participant: ParticipantSchema,
  }, {
    description: "Somebody entered the room (rule JO3).",
    example: { roomId: "test", userId: "bob", participant: bob },
  }),
  leaved: message("leaved", {
    roomId: RoomIdSchema,
    userId: UserIdSchema,
    reason: Type.Optional(LeaveReasonSchema),
  }, {
    description: "The reply to leave, or word that the server ended the stay (rules LE2, LE6).",
    example: { roomId: "test", userId: "bob", reason: "left" },
  }),
  "user-left": message("user-left", {
    roomId: RoomIdSchema,
    userId: UserIdSchema,
    reason: LeaveReasonSchema,
  }, {
    description: "Somebody is no longer in the room (rule LE3).",
    example: { roomId: "test", userId: "bob", reason: "disconnected" },
  }),
  "room-created": message("room-created", {
    roomId: RoomIdSchema,
    hostKey: Type.String({ description: "Whoever joins with it is host; for its receiver alone." }),
  }, {
    description: "The reply to create-room (rules CR1, CR5).",
    example: { roomId: "482913", hostKey: "tq2Yk0cC9b1dXw7LrE4sVg", requestId: 1 },
  }),
  waiting: message("waiting", { roomId: RoomIdSchema, userId: UserIdSchema }, {
    description: "The reply to join where the host admits one by one (rule LB2).",
    example: { roomId: "test", userId: "bob" },
  }),
  knock: message("knock", {
    userId: UserIdSchema,
    name: Type.Optional(NameSchema),
    role: RoleSchema,
  }, {
    description: "Somebody waits to be admitted; to the host alone (rule LB3).",
    example: { userId: "bob", name: "Bob", role: "participant" },
  }),
  "knock-ended": message("knock-ended", { userId: UserIdSchema, reason: LeaveReasonSchema }, {
    description: "Somebody waits no more and did not enter; to the host alone (rule LB6).",
    example: { userId: "bob", reason: "left" },
  }),
  "host-changed": message("host-changed", { userId: UserIdSchema }, {
    description: "The room has another host, because the one before left (rule HO3).",
    example: { userId: "bob" },
  }),
  "room-updated": message("room-updated", { room: RoomSchema }, {
    description: "The room was locked or opened, or its lobby switched (rules LK2, LB1).",
    example: {
      room: {
        roomId: "test",
        kind: "meeting",
        topology: "mesh",
        createdAt: 1767225600000,
        locked: true,
      },
    },
  }),
  "token-expiring": message("token-expiring", { expiresAt: ExpirySchema }, {
    description: "The connection ends soon unless it refreshes its token (rule TK6).",
    example: { expiresAt: 1767229200000 },
  }),
  "token-refreshed": message("token-refreshed", { expiresAt: ExpirySchema }, {
    description: "The reply to refresh-token (rule TK7).",
    example: { expiresAt: 1767232800000, requestId: 1 },
  }),
  topology: message("topology", { topology: TopologySchema }, {
    description: "Media travel another way from now on (rules TO1-TO4).",
    example: { topology: "sfu" },
  }),
  published: message("published", {
    description: AnswerDescriptionSchema,
    tracks: Type.Array(Type.Object({ mid: MidSchema, trackId: TrackIdSchema })),
  }, {
    description: "The reply to publish (rule PB1).",
    example: {
      description: { type: "answer", sdp: "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" },
      tracks: [{ mid: "1", trackId: "3" }],
      requestId: 4,
    },
  }),
  "track-published": message("track-published", { userId: UserIdSchema, track: TrackSchema }, {
    description: "A participant sends a track to the server (rule PB3).",
    example: { userId: "ann", track: { trackId: "3", source: "camera" } },
  }),
  "track-unpublished": message("track-unpublished", {
    userId: UserIdSchema,
    trackId: TrackIdSchema,
  }, {
    description: "A participant does not send that track any more (rule PB3).",
    example: { userId: "ann", trackId: "3" },
  }),
  "subscription-offer": message("subscription-offer", {
    connection: ConnectionNumberSchema,
    description: OfferDescriptionSchema,
    tracks: Type.Array(SubscribedMediaSchema),
  }, {
    description: "The server offers the subscriber connection (rule SB1).",
    example: {
      connection: 1,
      description: { type: "offer", sdp: "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" },
      tracks: [{ mid: "1", trackId: "3", userId: "ann", source: "camera" }],
    },
  }),
  "subscription-updated": message("subscription-updated", {
    connection: ConnectionNumberSchema,
    tracks: Type.Array(SubscribedMediaSchema),
  }, {
    description: "The same m-lines carry something else from now on (rule SB2).",
    example: {
      connection: 1,
      tracks: [{ mid: "1", trackId: "7", userId: "bob", source: "camera" }],
    },
  }),
  "active-speakers": message("active-speakers", { speakers: Type.Array(SpeakerSchema) }, {
    description: "Who is heard now, loudest first (rule SP1).",
    example: { speakers: [{ userId: "ann", level: 0.4 }] },
  }),
  "wanted-layers": message("wanted-layers", {
    trackId: TrackIdSchema,
    maxHeight: Type.Integer({ minimum: 0, description: "Pixels; 0: nobody wants it." }),
  }, {
    description: "The tallest picture that anybody wants of a track; to its publisher (rule PB6).",
    example: { trackId: "3", maxHeight: 360 },
  }),
  "media-lost": message("media-lost", { channel: MediaChannelSchema }, {
    description: "A connection through the server is gone; make another (rules PB5, SB5).",
    example: { channel: "publisher" },
  }),
  "media-stats": message("media-stats", {
    published: Type.Array(PublishedCountersSchema),
    received: Type.Array(ReceivedCountersSchema),
    estimateKbps: Type.Optional(
      Type.Number({ minimum: 0, description: "What the way to the receiver is believed to take." }),
    ),
  }, {
    description: "The reply to media-stats (rule MS1).",
    example: {
      published: [{
        trackId: "3",
        source: "camera",
        codec: "VP8",
        layers: [{ rid: "h", bitrateKbps: 480, width: 640, height: 360, ...counters }],
      }],
      received: [{
        ...{ trackId: "7", userId: "bob", source: "camera", rid: "h", height: 360, paused: false },
        ...{ bitrateKbps: 455, roundTripMs: 21.5, ...counters },
      }],
      estimateKbps: 2400,
      requestId: 5,
    },
  }),
  mute: message("mute", { from: UserIdSchema, kind: MutableKindSchema }, {
    description: "The host asks the receiver to switch something off (rule MU1).",
    example: { from: "ann", kind: "audio" },
  }),
  offer: message("offer", { from: UserIdSchema, description: OfferDescriptionSchema }, {
    description: "A session description from another participant (rule RL1).",
    example: { from: "ann", description: { type: "offer", sdp: "v=0\r\n…" } },
  }),
  answer: message("answer", { from: UserIdSchema, description: AnswerDescriptionSchema }, {
    description: "An answer from another participant (rule RL1).",
    example: { from: "bob", description: { type: "answer", sdp: "v=0\r\n…" } },
  }),
  "ice-candidate": message("ice-candidate", { from: UserIdSchema, candidate: CandidateSchema }, {
    description: "An ICE candidate from another participant (rule RL1).",
    example: { from: "ann", candidate: { candidate: "", sdpMid: "0", sdpMLineIndex: 0 } },
  }),
  chat: message("chat", { text: Type.String(), ...delivery }, {
    description: "Text for the room or for the receiver alone (rule CH1).",
    example: { from: "ann", text: "Hello", at: 1767225602000, messageId: "1" },
  }),
  data: message("data", { payload: Type.Unknown(), ...delivery }, {
    description: "Application data (rule DA1).",
    example: { from: "ann", payload: { slide: 4 }, at: 1767225602000, messageId: "2" },
  }),
  "participant-updated": message("participant-updated", {
    userId: UserIdSchema,
    state: Type.Optional(MediaStateSchema),
    connected: Type.Optional(Type.Boolean({ description: "Whether its connection is there." })),
  }, {
    description: "What changed of another participant: its whole state, or its connection " +
      "(rules ST1, RE3).",
    example: { userId: "ann", state: { audio: true, video: false } },
  }),
  "stats-summary": message("stats-summary", {
    viewerCount: Type.Integer({ minimum: 0 }),
    bitrateKbps: Type.Number({ minimum: 0 }),
    paths: Type.Object({
      p2p: Type.Optional(Type.Integer()),
      turn: Type.Optional(Type.Integer()),
      sfu: Type.Optional(Type.Integer()),
      relay: Type.Optional(Type.Integer()),
    }),
    pathMs: Type.Optional(PathTimesSchema),
  }, {
    description: "What the room's statistics add up to (rule SS2).",
    example: { viewerCount: 3, bitrateKbps: 1800, paths: { p2p: 2, turn: 1 } },
  }),
  "relay-started": message("relay-started", {
    userId: UserIdSchema,
    sourceId: Type.Integer({ minimum: 1, description: "Stands in the frames of this source." }),
  }, {
    description: "The reply to request-relay: frames of that participant follow (rule FR2).",
    example: { userId: "ann", sourceId: 7, requestId: 1 },
  }),
  "relay-wanted": message("relay-wanted", {
    video: Type.Boolean({ description: "Somebody wants its pictures, in VP8 or H.264." }),
    audio: Type.Boolean({ description: "Somebody wants its sound, in Opus." }),
    pictures: Type.Array(WantedPictureSchema, { description: "What MJPEG viewers want." }),
    viewers: Type.Integer({ minimum: 0, description: "How many get any of it." }),
    maxFrameBytes: Type.Integer({ description: "Longest binary frame, header included." }),
  }, {
    description: "All that the server wants of its receiver as binary frames (rule FR4).",
    example: {
      video: true,
      audio: true,
      pictures: [{ pictureId: 1, width: 640, framesPerSecond: 10 }],
      viewers: 2,
      maxFrameBytes: 196608,
    },
  }),
  "relay-key-frame": message("relay-key-frame", {}, {
    description: "Asks for a key frame: somebody can decode nothing before it (rule FR5).",
    example: {},
  }),
  pong: message("pong", { at: Type.Number() }, {
    description: "The reply to ping (rule PI1).",
    example: { at: 1767225600000 },
  }),
  ok: message("ok", {}, {
    description: "The reply to a request that has no other (rule ME4).",
    example: { requestId: "a1" },
  }),
  error: message("error", {
    code: ErrorCodeSchema,
    message: Type.String({ description: "A sentence for people; may change." }),
    retryAfterMs: Type.Optional(Type.Integer({ description: "With rate-limited." })),
    reconnectAfterMs: Type.Optional(Type.Integer({ description: "With server-shutting-down." })),
  }, {
    description: "A request that failed, or word of an end (rules ER1-ER4).",
    example: {
      code: "user-id-taken",
      message: 'Cannot join room "test" as "ann": the id is in use',
      requestId: 1,
    },
  }),
};

/** The name of a message that the server sends. */
export type ServerMessageType = keyof typeof serverMessages;
/** The message of type `T`. */
export type ServerMessageOf<T extends ServerMessageType> = Static<(typeof serverMessages)[T]>;
/** Any message of the server. */
export type ServerMessage = { [T in ServerMessageType]: ServerMessageOf<T> }[ServerMessageType];

function message<T extends string, P extends TProperties>(
  type: T,
  properties: P,
  annotations: { description: string; example: Record<string, unknown> },
) {
  return Type.Object({
    type: Type.Literal(type),
    ...properties,
    requestId: Type.Optional(RequestIdSchema),
    seq: Type.Optional(Type.Integer({
      minimum: 1,
      description: "Counts the messages of a participant who may resume (rule RE2).",
    })),
  }, {
    $id: `server.${type}`,
    description: annotations.description,
    examples: [{ type, ...annotations.example }],
  });
}
