/**
 * The REST API described in OpenAPI 3.1, served at `GET /openapi.json`. Shapes that are also on the
 * wire come from the wire's schemas, the bodies of webhooks from theirs.
 */
import {
  ERROR_CODES,
  IceServerSchema,
  ID_PATTERN,
  MAX_PASSCODE_LENGTH,
  ParticipantSchema,
  RoomKindSchema,
  SOCKET_PATH,
} from "../protocol/mod.ts";
import { webhookEvents } from "../webhooks/mod.ts";
import { mediaPaths, mediaSchemas } from "./openapi_media.ts";
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
import { sessionPaths } from "./openapi_sessions.ts";
import { streamPaths, streamSchemas } from "./openapi_streams.ts";

/** The document for one version of the server. */
export function openApiDocument(version: string): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "Signalbox",
      version,
      description: `Rooms over HTTP. Messages travel over the WebSocket at ${SOCKET_PATH}; ` +
        "GET /schema describes them.",
      license: { name: "MIT", identifier: "MIT" },
    },
    paths: {
      "/api/rooms": {
        get: operation("listRooms", "The rooms that exist, but for those with a six-digit code", {
          200: json("The rooms, oldest first", {
            type: "object",
            required: ["rooms"],
            properties: { rooms: { type: "array", items: ref("Room") } },
          }),
          ...problems(REFUSED),
        }, {
          parameters: [{
            name: "all",
            in: "query",
            description: "Those with a six-digit code too; takes the administrator's token",
            schema: { type: "string", enum: ["true"] },
          }],
          // Without `all` nothing is needed.
          security: [{}, { administrator: [] }],
        }),
        post: operation("createRoom", "Reserve an unused six-digit room id", {
          201: {
            ...json("The code; the first join turns it into a room", {
              type: "object",
              required: ["roomId", "hostKey"],
              properties: {
                roomId: { type: "string", pattern: "^[0-9]{6}$" },
                hostKey: {
                  type: "string",
                  description: "Whoever joins with it is host, and may broadcast",
                },
              },
            }),
            headers: { Location: { schema: { type: "string" } } },
          },
          ...problems({
            400: "bad-message",
            413: "message-too-large",
            429: "rate-limited",
            503: "too-many-rooms",
          }),
        }, {
          requestBody: {
            required: true,
            ...content({
              type: "object",
              required: ["kind"],
              properties: {
                kind: RoomKindSchema,
                passcode: { type: "string", minLength: 1, maxLength: MAX_PASSCODE_LENGTH },
                lobby: { type: "boolean", description: "Who joins waits for the host" },
              },
            }),
          },
        }),
      },
      "/api/rooms/{roomId}": {
        parameters: [idParameter("roomId")],
        get: operation("getRoom", "One room", {
          200: json("The room", ref("Room")),
          ...problems({ 400: "invalid-room-id", 404: "room-not-found", 429: "rate-limited" }),
        }),
        delete: operation("endRoom", "End a room for everyone in it", {
          204: { description: "The room is gone; its participants got leaved" },
          ...problems({ ...REFUSED, 400: "invalid-room-id", 404: "room-not-found" }),
        }, BY_ADMINISTRATOR),
      },
      "/api/rooms/{roomId}/participants": {
        parameters: [idParameter("roomId")],
        get: operation("listParticipants", "Who is in a room", {
          200: json("Its participants, in join order", {
            type: "object",
            required: ["participants"],
            properties: { participants: { type: "array", items: ref("Participant") } },
          }),
          ...problems({ ...REFUSED, 400: "invalid-room-id", 404: "room-not-found" }),
        }, BY_ADMINISTRATOR),
      },
      "/api/rooms/{roomId}/participants/{userId}": {
        parameters: [idParameter("roomId"), idParameter("userId")],
        delete: operation("kickParticipant", "Send one away, who stays out for the room's life", {
          204: { description: "It got leaved with the reason kicked, the others user-left" },
          ...problems({
            ...REFUSED,
            400: "invalid-room-id or invalid-user-id",
            404: "room-not-found or no-such-participant",
          }),
        }, BY_ADMINISTRATOR),
      },
      ...mediaPaths(),
      ...sessionPaths(),
      ...streamPaths(),
      "/api/ice-servers": {
        get: operation("listIceServers", "STUN and TURN servers for RTCPeerConnection", {
          200: json("As RTCConfiguration.iceServers", {
            type: "object",
            required: ["iceServers"],
            properties: {
              iceServers: { type: "array", items: IceServerSchema },
              ttlS: {
                type: "integer",
                description: "How long the credentials are good, in seconds (rule IC1)",
              },
            },
          }),
          ...problems({
            400: "invalid-room-id",
            401: "bad-token",
            403: "bad-passcode, or not-allowed for a page of another origin",
            429: "rate-limited",
          }),
        }, {
          description:
            "Where the server makes TURN credentials, they are fresh each time, and for " +
            "whoever could join: with an access token where tokens are demanded, which names " +
            "whom they are for, and with the passcode of a room that is named.",
          security: [{}, { accessToken: [] }],
          parameters: [
            {
              name: "roomId",
              in: "query",
              schema: { type: "string", pattern: ID_PATTERN },
              description: "The room that is to be joined",
            },
            {
              name: "Room-Passcode",
              in: "header",
              schema: { type: "string" },
              description: "Of the room, percent-encoded",
            },
          ],
        }),
      },
      "/healthz": {
        get: operation("isAlive", "Whether the process answers", {
          200: json("It does", { type: "object" }),
        }),
      },
      "/readyz": {
        get: operation("isReady", "Whether another connection would be taken", {
          200: json("It would", { type: "object" }),
          ...problems({ 503: "too-many-connections" }),
        }),
      },
      "/metrics": {
        get: operation("readMetrics", "Counters and gauges", {
          200: {
            description: "Prometheus text exposition format",
            content: { "text/plain": { schema: { type: "string" } } },
          },
        }),
      },
      "/schema": {
        get: operation("readSchema", "The messages of the WebSocket", {
          200: json("AsyncAPI 3", { type: "object" }),
        }),
      },
      "/openapi.json": {
        get: operation("readOpenApi", "This document", {
          200: json("OpenAPI 3.1", { type: "object" }),
        }),
      },
    },
    webhooks: webhooks(),
    components: {
      schemas: {
        Room: roomSchema(),
        Participant: participantSchema(),
        Problem: problemSchema(),
        ...mediaSchemas(),
        ...streamSchemas(),
      },
      securitySchemes: {
        administrator: { type: "http", scheme: "bearer" },
        accessToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "Where the server demands access tokens",
        },
      },
    },
  };
}

/** What the server sends to `--webhook-url`, one operation a type of event. */
function webhooks(): Json {
  const header = (name: string, description: string): Json => ({
    name,
    in: "header",
    required: true,
    description,
    schema: { type: "string" },
  });
  return Object.fromEntries(
    Object.entries(webhookEvents).map(([type, schema]) => [type, {
      post: operation(type, `The event ${type}`, {
        "2XX": { description: "It is taken; the body of the answer is not read" },
        "4XX": { description: "It is not wanted and is dropped, but for 408 and 429" },
        default: { description: "It is sent again later, for five minutes" },
      }, {
        parameters: [
          header("webhook-id", "The id of the event, the same in every attempt"),
          header("webhook-timestamp", "When this attempt was made, in seconds since the epoch"),
          header("webhook-signature", "v1, and HMAC-SHA256 of id.timestamp.body in base64"),
        ],
        requestBody: { required: true, ...content(schema) },
      }),
    }]),
  );
}

function roomSchema(): Json {
  const count = { type: "integer", minimum: 0 };
  return {
    type: "object",
    required: ["roomId", "kind", "topology", "participants", "viewers", "createdAt", "ageMs"],
    properties: {
      roomId: { type: "string", pattern: ID_PATTERN },
      kind: RoomKindSchema,
      topology: { type: "string", enum: ["mesh", "sfu"] },
      participants: { ...count, description: "Everyone in the room, viewers included" },
      viewers: count,
      createdAt: { type: "integer", description: "Milliseconds since the Unix epoch" },
      ageMs: count,
    },
  };
}

function participantSchema(): Json {
  const { userId, name, role, state, joinedAt } = ParticipantSchema.properties;
  return {
    type: "object",
    required: ["userId", "role", "host", "connected", "state", "joinedAt"],
    properties: {
      userId,
      name,
      role,
      host: { type: "boolean", description: "It may moderate the room" },
      connected: { type: "boolean", description: "False while it may resume" },
      state,
      joinedAt,
    },
  };
}

function problemSchema(): Json {
  return {
    type: "object",
    description: "A problem document (RFC 9457)",
    required: ["status", "title", "code", "detail"],
    properties: {
      status: { type: "integer" },
      title: { type: "string" },
      code: {
        type: "string",
        description: "Stable name of what went wrong, on the wire too",
        examples: Object.keys(ERROR_CODES),
      },
      detail: { type: "string", description: "A sentence for people" },
    },
  };
}
