/**
 * Sockets to rooms and back: the connection guards the door, the dispatch finds the room's method,
 * the outbox sends once a turn. Nothing here knows HTTP, but HTTP has participants enter here too,
 * without a socket (WHIP, WHEP): `await hub.enterWithoutSocket(join, { client, ended })` rejects with
 * ProtocolError or gives a seat with `roomId`, `userId`, `publish`, `view` and `leave`; `ended(reason)`
 * is called once where the room, a host or the loss of its media ends the stay. And it has pictures
 * watched by who is no member: `hub.watchPictures({ roomId, userId, width, framesPerSecond, received,
 * ended })` throws ProtocolError or gives a watch with `close`.
 *
 * ```ts
 * import { silentLogger, systemClock, systemRandom } from "../base/mod.ts";
 * import { Hub, silentObserver } from "./mod.ts";
 *
 * const rate = { perSecond: 100, burst: 200 };
 * const hub = new Hub({
 *   clock: systemClock,
 *   random: systemRandom,
 *   log: silentLogger,
 *   observer: silentObserver,
 *   iceServers: [],
 *   heartbeatMs: 15_000,
 *   resumeGraceMs: 15_000,
 *   maxConnections: 10,
 *   maxRooms: 10,
 *   rates: { user: rate, network: rate, room: rate },
 *   limits: {
 *     maxMessageBytes: 65_536,
 *     messagesPerSecond: 100,
 *     messageBurst: 200,
 *     maxBufferedBytes: 8_388_608,
 *     maxParticipants: 10,
 *   },
 * });
 * if (hub.connectionCount !== 0) throw new Error("a hub starts empty");
 * await hub.close({ reconnectAfterMs: 1_000, drainMs: 0 });
 * ```
 *
 * @module
 */
export { type AccessOptions, Admission } from "./admission.ts";
export type { ConnectionLimits } from "./connection.ts";
export { attachDenoSocket } from "./deno_socket.ts";
export { Hub, type HubOptions } from "./hub.ts";
export type { OnlookerRequest, Onlookers, Sight } from "./onlookers.ts";
export type { PictureWatchOptions } from "./exchange.ts";
export {
  type FrameDrop,
  type RoomListener,
  type SignalingObserver,
  silentObserver,
} from "./observer.ts";
export type { Socket, SocketListener } from "./socket.ts";
export type { SocketlessOptions, SocketlessSeat } from "./socketless.ts";
export { attachWsSocket, type WsSocketOptions } from "./ws_socket.ts";
