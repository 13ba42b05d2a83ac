/**
 * The domain: rooms, their members, and what each request means for the others. No sockets, no JSON,
 * no timers but those of a Clock. Requests return what is to be said as values.
 *
 * ```ts
 * import { systemClock, systemRandom } from "../base/mod.ts";
 * import { decode } from "../protocol/mod.ts";
 * import { RoomRegistry } from "./mod.ts";
 *
 * const registry = new RoomRegistry({
 *   clock: systemClock,
 *   random: systemRandom,
 *   maxRooms: 10,
 *   maxParticipants: 10,
 *   maxFrameBytes: 1024,
 *   deliver() {},
 * });
 * const decoded = decode('{"type":"join","roomId":"test","userId":"ann"}', 1024);
 * if (!decoded.ok || decoded.message.type !== "join") throw new Error("not a join");
 * const { seat } = registry.join(decoded.message);
 * if (seat.room.size !== 1) throw new Error("the first join creates the room");
 * registry.leave(seat, "left");
 * if (registry.size !== 0) throw new Error("the last leave destroys it");
 * ```
 *
 * @module
 */
export type { Onlooker } from "./entering.ts";
export { type Outbound, type Outcome, SILENT } from "./outbound.ts";
export { type Entrant, Participant, type StatsReport } from "./participant.ts";
export type { Origin } from "./origin.ts";
export {
  type Ending,
  type Entry,
  type RegistryOptions,
  RoomRegistry,
  type Seat,
} from "./registry.ts";
export { type RelayedMessage, Room, type Roster } from "./room.ts";
export type { RelayOptions, RelaySource, RelayViewer } from "./relay_source.ts";
export type { PictureWatch, PictureWatcher } from "./relayed_pictures.ts";
export type { RoomRelay } from "./room_relay.ts";
export type { MediaOptions, RoomMedia } from "./room_media.ts";
export type { TopologyMode } from "./topology.ts";
export type { ReservationOptions } from "./room_codes.ts";
export type { RoomEvent } from "./room_event.ts";
export type { RoomOptions } from "./room_state.ts";
