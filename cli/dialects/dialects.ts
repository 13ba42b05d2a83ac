/**
 * The adapters by name.
 */
import type { Dialect } from "./dialect.ts";
import type { DialectName } from "./names.ts";
import { peerjs } from "./peerjs.ts";
import { signalbox } from "./signalbox.ts";
import { socketIoRooms } from "./socketio_rooms.ts";

const dialects: Readonly<Record<DialectName, Dialect>> = {
  signalbox,
  "socketio-rooms": socketIoRooms,
  peerjs,
};

/** The adapter of a name. */
export function dialectNamed(name: DialectName): Dialect {
  return dialects[name];
}
