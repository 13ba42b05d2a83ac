/**
 * What a client may send, one JSON Schema a type, each with an example. Adding a message: a rule in
 * PROTOCOL.md, an entry here, a case in `signaling/dispatch.ts` (the compiler asks for it), tests.
 *
 * Fields that a schema does not name are ignored, except in the three relayed messages, where they
 * pass unchanged (rules ME5, RL1).
 */
import Type, { type Static, type TProperties } from "typebox";
import { RoomIdSchema, UserIdSchema } from "./ids.ts";
import {
  MAX_PASSCODE_LENGTH,
  MAX_PUBLISHED_TRACKS,
  MAX_RESUME_TOKEN_LENGTH,
  MAX_TEXT_LENGTH,
} from "./limits.ts";
import {
  AnswerDescriptionSchema,
  CandidateSchema,
  MEDIA_PATHS,
  type MediaPath,
  MediaStateSchema,
  MutableKindSchema,
  NameSchema,
  OfferDescriptionSchema,
  PathTimesSchema,
  RequestIdSchema,
  RoleSchema,
  RoomKindSchema,
} from "./shapes.ts";
import {
  ConnectionNumberSchema,
  MediaChannelSchema,
  PublishedMediaSchema,
  TrackIdSchema,
} from "./track_shapes.ts";

/** The schemas by `type`. */
export const clientMessages = {
  join: message("join", {
    roomId: RoomIdSchema,
    userId: Type.Optional(UserIdSchema),
    name: Type.Optional(NameSchema),
    role: Type.Optional(RoleSchema),
    token: Type.Optional(Type.String()),
    passcode: Type.Optional(Type.String()),
    resumable: Type.Optional(Type.Boolean()),
    hostKey: Type.Optional(
      Type.String({ description: "Of room-created: makes the host, lets broadcast." }),
    ),
    sfu: Type.Optional(
      Type.Boolean({ description: "It can take its media through the server (rule TO2)." }),
    ),
    relay: Type.Optional(
      Type.Boolean({ description: "It can send what it shows over the socket (rule FR1)." }),
    ),
  }, {
    description: "Enters a room; the first join creates it (rules JO1-JO8).",
    examples: [{ type: "join", roomId: "test", userId: "ann", name: "Ann" }],
  }),
  resume: message("resume", {
    resumeToken: Type.String({ minLength: 1, maxLength: MAX_RESUME_TOKEN_LENGTH }),
    lastSeq: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: "The largest seq that was received; 0 if none.",
    }),
  }, {
    description: "Takes its seat again after a lost connection (rules RE1-RE9).",
    examples: [{ type: "resume", resumeToken: "Zb1xJ0q7m3T5kY8wQ2dR4vNc", lastSeq: 41 }],
  }),
  leave: message("leave", {
    roomId: Type.Optional(RoomIdSchema),
    userId: Type.Optional(UserIdSchema),
  }, {
    description: "Leaves the room; the last leave destroys it (rules LE1-LE5).",
    examples: [{ type: "leave" }],
  }),
  "create-room": message("create-room", {
    kind: RoomKindSchema,
    passcode: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_PASSCODE_LENGTH,
        description: "Demanded of joins.",
      }),
    ),
    lobby: Type.Optional(Type.Boolean({ description: "Who joins waits for the host." })),
  }, {
    description: "Asks for an unused six-digit room id (rules CR1-CR7).",
    examples: [{ type: "create-room", kind: "live", requestId: 1 }],
  }),
  offer: message("offer", { to: UserIdSchema, description: OfferDescriptionSchema, ...forged() }, {
    description: "A session description for one participant (rules RL1-RL4).",
    examples: [{
      type: "offer",
      to: "bob",
      description: { type: "offer", sdp: "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" },
    }],
  }),
  answer: message("answer", {
    to: UserIdSchema,
    description: AnswerDescriptionSchema,
    ...forged(),
  }, {
    description: "The answer to an offer (rules RL1-RL4).",
    examples: [{
      type: "answer",
      to: "bob",
      description: { type: "answer", sdp: "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" },
    }],
  }),
  "ice-candidate": message("ice-candidate", {
    to: Type.Optional(UserIdSchema),
    channel: Type.Optional(MediaChannelSchema),
    candidate: CandidateSchema,
    ...forged(),
  }, {
    description: "A trickled ICE candidate for one participant or the server (rules RL1-RL4, SB6).",
    oneOf: [{ required: ["to"] }, { required: ["channel"] }],
    examples: [{
      type: "ice-candidate",
      to: "bob",
      candidate: {
        candidate: "candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host",
        sdpMid: "0",
        sdpMLineIndex: 0,
      },
    }, { type: "ice-candidate", channel: "publisher", candidate: null }],
  }),
  chat: message("chat", {
    text: Type.String({ minLength: 1, maxLength: MAX_TEXT_LENGTH }),
    to: Type.Optional(UserIdSchema),
    ...forged(),
  }, {
    description: "Text for the room, or for one participant (rules CH1-CH3).",
    examples: [{ type: "chat", text: "Hello" }, { type: "chat", text: "Psst", to: "bob" }],
  }),
  state: message("state", MediaStateSchema.properties, {
    description: "What the sender shows of itself (rules ST1-ST2).",
    examples: [{ type: "state", audio: true, video: false }],
  }),
  data: message("data", {
    to: Type.Optional(UserIdSchema),
    payload: Type.Unknown({ description: "Any JSON value." }),
    ...forged(),
  }, {
    description: "Opaque application data, delivered like chat (rule DA1).",
    examples: [{ type: "data", payload: { slide: 4 } }],
  }),
  publish: message("publish", {
    description: OfferDescriptionSchema,
    tracks: Type.Array(PublishedMediaSchema, {
      maxItems: MAX_PUBLISHED_TRACKS,
      description: "The m-lines that carry something now.",
    }),
  }, {
    description: "Offers the publisher connection, or another shape of it (rules PB1-PB6).",
    examples: [{
      type: "publish",
      description: { type: "offer", sdp: "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" },
      tracks: [{ mid: "0", source: "microphone" }, { mid: "1", source: "camera" }],
    }],
  }),
  "subscription-answer": message("subscription-answer", {
    connection: ConnectionNumberSchema,
    description: AnswerDescriptionSchema,
  }, {
    description: "The answer to subscription-offer (rule SB1).",
    examples: [{
      type: "subscription-answer",
      connection: 1,
      description: { type: "answer", sdp: "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" },
    }],
  }),
  subscribe: message("subscribe", {
    trackId: TrackIdSchema,
    maxHeight: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 16_384, description: "Pixels." }),
    ),
    paused: Type.Optional(Type.Boolean()),
  }, {
    description: "How the sender wants a track that it is offered (rule SB3).",
    examples: [{ type: "subscribe", trackId: "3", maxHeight: 360 }],
  }),
  "restart-subscription": message("restart-subscription", {}, {
    description: "Asks for another subscriber connection (rule SB4).",
    examples: [{ type: "restart-subscription" }],
  }),
  "media-stats": message("media-stats", {}, {
    description: "Asks what the server counts of the sender's own media (rules MS1, MS2).",
    examples: [{ type: "media-stats" }],
  }),
  "request-forwarding": message("request-forwarding", { wanted: Type.Boolean() }, {
    description: "Nothing comes from each to each: the server should carry it (rule TO5).",
    examples: [{ type: "request-forwarding", wanted: true }],
  }),
  "request-relay": message("request-relay", {
    roomId: RoomIdSchema,
    userId: Type.Optional(UserIdSchema),
    active: Type.Optional(Type.Boolean({ description: "False: no more of it. Default true." })),
  }, {
    description: "Asks for what somebody shows over the socket (rules FR2-FR3).",
    examples: [{ type: "request-relay", roomId: "123456" }],
  }),
  kick: message("kick", { userId: UserIdSchema }, {
    description: "The host sends a participant away, for the room's life (rules KI1-KI4).",
    examples: [{ type: "kick", userId: "bob" }],
  }),
  mute: message("mute", { userId: UserIdSchema, kind: MutableKindSchema }, {
    description: "The host asks a participant to switch something off (rule MU1).",
    examples: [{ type: "mute", userId: "bob", kind: "audio" }],
  }),
  lock: message("lock", { locked: Type.Boolean() }, {
    description: "The host lets nobody else in, or again (rules LK1-LK2).",
    examples: [{ type: "lock", locked: true }],
  }),
  lobby: message("lobby", { enabled: Type.Boolean() }, {
    description: "The host lets who joins wait to be admitted, or not any more (rules LB1-LB8).",
    examples: [{ type: "lobby", enabled: true }],
  }),
  admit: message("admit", { userId: UserIdSchema }, {
    description: "The host lets one in who waits (rule LB4).",
    examples: [{ type: "admit", userId: "bob" }],
  }),
  deny: message("deny", { userId: UserIdSchema }, {
    description: "The host sends one away who waits (rule LB5).",
    examples: [{ type: "deny", userId: "bob" }],
  }),
  "end-room": message("end-room", {}, {
    description: "The host ends the room for everyone (rule EN1).",
    examples: [{ type: "end-room" }],
  }),
  "refresh-token": message("refresh-token", { token: Type.String({ minLength: 1 }) }, {
    description: "Goes on with a newer access token (rule TK7).",
    examples: [{ type: "refresh-token", token: "eyJhbGciOiJIUzI1NiJ9.e30.c2ln" }],
  }),
  stats: message("stats", {
    bitrateKbps: Type.Optional(Type.Number({ minimum: 0, maximum: 1e7 })),
    path: Type.Optional(
      Type.Unsafe<MediaPath>(Type.Union(MEDIA_PATHS.map((path) => Type.Literal(path)))),
    ),
    limitedBy: Type.Optional(
      Type.Union([Type.Literal("cpu"), Type.Literal("bandwidth")], {
        description: "What holds its pictures down (rule TO2).",
      }),
    ),
    pathMs: Type.Optional(PathTimesSchema),
  }, {
    description: "What a publisher or viewer measures; feeds stats-summary (rules SS1-SS3).",
    examples: [{ type: "stats", bitrateKbps: 1800, path: "p2p" }],
  }),
  ping: message("ping", { at: Type.Number({ description: "Any number; pong repeats it." }) }, {
    description: "Asks for a pong (rule PI1).",
    examples: [{ type: "ping", at: 1767225600000 }],
  }),
};

/** The name of a message that a client may send. */
export type ClientMessageType = keyof typeof clientMessages;
/** The message of type `T`, decoded. */
export type ClientMessageOf<T extends ClientMessageType> = Static<(typeof clientMessages)[T]>;
/** Any message of a client, decoded. */
export type ClientMessage = { [T in ClientMessageType]: ClientMessageOf<T> }[ClientMessageType];

function message<T extends string, P extends TProperties>(
  type: T,
  properties: P,
  annotations: {
    description: string;
    examples: ({ type: T } & Record<string, unknown>)[];
    /** Of optional fields that exclude each other. */
    oneOf?: { required: string[] }[];
  },
) {
  return Type.Object({
    type: Type.Literal(type),
    requestId: Type.Optional(RequestIdSchema),
    ...properties,
  }, { $id: `client.${type}`, ...annotations });
}

/** A client need not name itself; where it does, a name that is not its own is refused (RL4). */
function forged() {
  return { from: Type.Optional(Type.String()) };
}
