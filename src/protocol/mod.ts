/**
 * The wire, as one artefact: schemas, the types read from them, the validator, the error codes and
 * the bounds. Pure: no Deno APIs, no timers, no state. PROTOCOL.md beside this file has the rules.
 *
 * ```ts
 * import { decode } from "./mod.ts";
 *
 * const good = decode('{"type":"join","roomId":"test"}', 65_536);
 * if (!good.ok || good.message.type !== "join") throw new Error("cannot decode a join");
 *
 * const bad = decode('{"type":"join","roomId":"no spaces"}', 65_536);
 * if (bad.ok || bad.code !== "invalid-room-id") throw new Error("took a bad room id");
 * ```
 *
 * @module
 */
export { asyncApiDocument, type AsyncApiOptions } from "./asyncapi.ts";
export {
  type ClientMessage,
  type ClientMessageOf,
  clientMessages,
  type ClientMessageType,
} from "./client_messages.ts";
export {
  creditFor,
  type DataFrame,
  decodeDataFrame,
  encodeDataFrame,
  FRAGMENT_COST_BYTES,
  MAX_FRAGMENT_BYTES,
  MAX_LABEL_BYTES,
  MAX_STREAM_ID,
  MAX_STREAM_MESSAGE_BYTES,
  MAX_STREAMS,
  STREAM_ENDS,
  STREAM_WINDOW_BYTES,
  type StreamEnd,
} from "./data_frame.ts";
export { decode, type Decoded, decodeValue } from "./decode.ts";
export { encode } from "./encode.ts";
export {
  CLOSE_CODES,
  DEPARTURE_CODES,
  ERROR_CODES,
  type ErrorCode,
  LEAVE_REASONS,
  type LeaveReason,
  ProtocolError,
} from "./errors.ts";
export {
  type ConnectionId,
  connectionIdFrom,
  ID_PATTERN,
  isRoomCode,
  parseRoomId,
  parseUserId,
  type RoomId,
  RoomIdSchema,
  type UserId,
  UserIdSchema,
} from "./ids.ts";
export * from "./limits.ts";
export {
  FIRST_PAUSE_MS,
  LONGEST_PAUSE_MS,
  pauseBeforeAttempt,
  type PauseOptions,
} from "./reconnect.ts";
export {
  decodeRelayFrame,
  encodeRelayFrame,
  RELAY_HEADER_BYTES,
  RELAY_KINDS,
  type RelayFrame,
  type RelayKind,
  stampRelaySource,
} from "./relay_frame.ts";
export { ResumePoint, type ResumeRequest } from "./resume_point.ts";
export { quoted } from "./quoted.ts";
export {
  kindOfSource,
  type MediaChannel,
  type PublishedMedia,
  type Speaker,
  type SubscribedMedia,
  TRACK_SOURCES,
  type TrackSource,
  type TrackView,
} from "./track_shapes.ts";
export {
  type ServerMessage,
  type ServerMessageOf,
  serverMessages,
  type ServerMessageType,
} from "./server_messages.ts";
export {
  type IceServer,
  IceServerSchema,
  type Limits,
  MEDIA_PATHS,
  MEDIA_STATE_KEYS,
  type MediaPath,
  type MediaState,
  type MutableKind,
  ParticipantSchema,
  type ParticipantView,
  type PathTimes,
  type RequestId,
  type Role,
  RoleSchema,
  type RoomKind,
  RoomKindSchema,
  RoomSchema,
  type RoomView,
  type Topology,
  type WantedPicture,
} from "./shapes.ts";
export { packFrames, SOCKET_PATH, SUBPROTOCOL, unpackFrame } from "./wire.ts";
