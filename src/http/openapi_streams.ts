/** Pictures over HTTP in the OpenAPI document. */
import { ID_PATTERN, MAX_PASSCODE_LENGTH, RoleSchema } from "../protocol/mod.ts";
import { idParameter, type Json, json, operation, problems, ref } from "./openapi_parts.ts";
import { PASSCODE_HEADER } from "./shown_secrets.ts";
import { MAX_LISTED } from "./stream_list.ts";
import { RATES, WIDTHS } from "./stream_request.ts";

/** Where the server demands no access tokens, none is needed. */
const BY_TOKEN: Json = { security: [{}, { accessToken: [] }] };
/** How a room turns somebody away. */
const TURNED_AWAY = {
  400: "bad-message, invalid-room-id or invalid-user-id",
  401: "bad-token",
  403: "not-allowed, bad-passcode or room-locked",
};
const WATCHING = {
  ...TURNED_AWAY,
  404: "room-not-found, no-such-participant or not-found",
  409: "nothing-shown (its camera is off) or media-failed (it cannot make pictures)",
  429: "rate-limited or too-many-connections",
  503: "too-many-connections or server-shutting-down",
  504: "no-picture",
};

/** The operations by path. */
export function streamPaths(): Json {
  const parameters = [idParameter("roomId"), idParameter("userId")];
  const width = number("width", "Pixels: no picture is wider", { ...WIDTHS, type: "integer" });
  const rate = number("fps", "Pictures a second, at most", { ...RATES, type: "number" });
  return {
    "/streams/{roomId}/{userId}.mjpeg": {
      parameters,
      get: operation("watchPictures", "What a participant shows, as pictures without end", {
        200: {
          description:
            "A part each, image/jpeg with Content-Length and X-Timestamp (seconds of the " +
            "clock of its source); it ends with the stay of the participant, or of the right to see it",
          content: { "multipart/x-mixed-replace": { schema: { type: "string" } } },
        },
        ...problems(WATCHING),
      }, { ...BY_TOKEN, parameters: [rate, width, ...shown()] }),
    },
    "/streams/{roomId}/{userId}.jpg": {
      parameters,
      get: operation("watchPicture", "What a participant shows now, as one picture", {
        200: {
          description: "The picture",
          headers: { "X-Timestamp": { schema: { type: "string" } } },
          content: { "image/jpeg": { schema: { type: "string" } } },
        },
        ...problems(WATCHING),
      }, { ...BY_TOKEN, parameters: [width, ...shown()] }),
    },
    "/api/streams": {
      get: operation("listStreams", "What can be watched as pictures", {
        200: json("Of all rooms that anybody may see by their names, or of one", {
          type: "object",
          required: ["streams"],
          properties: {
            streams: { type: "array", items: ref("Stream"), maxItems: MAX_LISTED },
            isCut: { type: "boolean", description: "There are more: ask room by room" },
          },
        }),
        ...problems({ ...TURNED_AWAY, 404: "room-not-found", 429: "rate-limited" }),
      }, {
        ...BY_TOKEN,
        parameters: [
          {
            name: "room",
            in: "query",
            description: "That room alone, whatever it demands of who comes in",
            schema: { type: "string", pattern: ID_PATTERN },
          },
          ...shown(),
        ],
      }),
    },
  };
}

/** The schemas by name. */
export function streamSchemas(): Json {
  const id = { type: "string", pattern: ID_PATTERN };
  const path = { type: "string", description: "A path on this server" };
  return {
    Stream: {
      type: "object",
      required: ["roomId", "userId", "role", "joinedAt", "urls"],
      properties: {
        roomId: id,
        userId: id,
        name: { type: "string" },
        role: RoleSchema,
        joinedAt: { type: "integer", description: "Milliseconds since the Unix epoch" },
        urls: {
          type: "object",
          required: ["mjpeg", "jpg"],
          properties: { mjpeg: path, jpg: path },
        },
      },
    },
  };
}

/** What the room may demand. */
function shown(): Json[] {
  const schema = { type: "string" };
  return [
    {
      name: "passcode",
      in: "query",
      description: "That of the room",
      schema: { ...schema, maxLength: MAX_PASSCODE_LENGTH },
    },
    {
      name: PASSCODE_HEADER,
      in: "header",
      description: "The same, percent-encoded; it stays out of logs",
      schema,
    },
    {
      name: "access_token",
      in: "query",
      description: "The access token, for what sets no header",
      schema,
    },
  ];
}

function number(
  name: string,
  description: string,
  { type, least, most, usual }: { type: string; least: number; most: number; usual: number },
): Json {
  const schema = { type, minimum: least, maximum: most, default: usual };
  return { name, in: "query", description, schema };
}
