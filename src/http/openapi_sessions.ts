/** WHIP and WHEP in the OpenAPI document. */
import { MAX_PASSCODE_LENGTH, ParticipantSchema, UserIdSchema } from "../protocol/mod.ts";
import { idParameter, type Json, operation, problems } from "./openapi_parts.ts";
import { FRAGMENT_TYPE } from "./session_patch.ts";
import { SDP_TYPE } from "./session_request.ts";
import { HOST_KEY_HEADER, PASSCODE_HEADER } from "./shown_secrets.ts";

/** Where the server demands no access tokens, none is needed. */
const BY_TOKEN: Json = { security: [{}, { accessToken: [] }] };
const OPENING = {
  400: "bad-message, invalid-room-id or invalid-user-id",
  401: "bad-token",
  403: "not-allowed, bad-passcode or room-locked",
  406: "not-acceptable",
  409: "user-id-taken, broadcaster-taken, room-full or session-ended",
  413: "message-too-large",
  415: "unsupported-media-type",
  422: "unfit-offer or media-failed",
  429: "rate-limited or too-many-connections",
  501: "no-media",
  503: "media-failed, too-many-rooms, too-many-connections or server-shutting-down",
};
const CHANGING = { 401: "bad-token", 404: "no-such-session" };

/** The operations by path. */
export function sessionPaths(): Json {
  const watching = { ...OPENING, 404: "room-not-found or no-such-participant" };
  return {
    "/whip/{roomId}": {
      parameters: [idParameter("roomId")],
      post: opening("publish", "Send media into a room (WHIP, RFC 9725)", OPENING, [
        query("role", "What it is in the room", {
          type: "string",
          enum: ["participant", "broadcaster"],
          default: "participant",
        }),
      ]),
    },
    "/whip/{roomId}/{id}": resource("whip"),
    "/whep/{roomId}": {
      parameters: [idParameter("roomId")],
      post: opening("watch", "Receive the media of a room (WHEP)", watching),
    },
    "/whep/{roomId}/{id}": {
      ...resource("whep"),
      post: opening("watchOne", "Receive the media of the participant with that id", watching),
    },
  };
}

function opening(
  operationId: string,
  summary: string,
  codes: Record<number, string>,
  parameters: readonly Json[] = [],
): Json {
  return operation(operationId, summary, {
    201: {
      description: "The answer; the session stands until DELETE of its Location",
      headers: {
        Location: { schema: { type: "string" } },
        ETag: { description: "Names its ICE session", schema: { type: "string" } },
        Link: { description: "An ICE server each", schema: { type: "string" } },
      },
      content: { [SDP_TYPE]: { schema: { type: "string" } } },
    },
    ...problems(codes),
  }, {
    ...BY_TOKEN,
    parameters: [
      query("userId", "Left out: the server makes one", UserIdSchema),
      query("name", "Shown in the room", ParticipantSchema.properties.name),
      query("passcode", "That of the room", { type: "string", maxLength: MAX_PASSCODE_LENGTH }),
      header(PASSCODE_HEADER, "The same, percent-encoded; it stays out of logs"),
      query("hostKey", "That of the room: opens it, and lets broadcast", { type: "string" }),
      header(HOST_KEY_HEADER, "The same; it stays out of logs"),
      ...parameters,
    ],
    requestBody: { required: true, content: { [SDP_TYPE]: { schema: { type: "string" } } } },
  });
}

function resource(kind: "whip" | "whep"): Json {
  return {
    parameters: [idParameter("roomId"), idParameter("id")],
    patch: operation(`${kind}Patch`, "Tell ICE candidates; they are taken and not needed", {
      204: { description: "They are taken" },
      ...problems({
        ...CHANGING,
        400: "bad-message",
        412: "precondition-failed",
        413: "message-too-large",
        415: "unsupported-media-type",
        422: "no-ice-restart",
        428: "precondition-required",
        429: "rate-limited",
      }),
    }, {
      ...BY_TOKEN,
      parameters: [{ name: "if-match", in: "header", required: true, schema: { type: "string" } }],
      requestBody: { required: true, content: { [FRAGMENT_TYPE]: { schema: { type: "string" } } } },
    }),
    delete: operation(`${kind}Delete`, "End the session, and leave the room", {
      200: { description: "It is gone" },
      ...problems(CHANGING),
    }, BY_TOKEN),
  };
}

function header(name: string, description: string): Json {
  return { name, in: "header", description, schema: { type: "string" } };
}

function query(name: string, description: string, schema: object): Json {
  return { name, in: "query", description, schema };
}
