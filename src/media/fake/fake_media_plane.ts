/**
 * A media plane in memory: rooms, publications and subscriptions as the real one has them, and no
 * packets. Whoever runs a server without media, a test for one, gives it to the hub; `tests/contracts`
 * holds it to what the real one promises.
 */
import type { RoomId } from "../../protocol/mod.ts";
import type { MediaPlane, MediaPlaneStats, MediaRoomEvents } from "../port.ts";
import { NO_PACKETS } from "./fake_counters.ts";
import { FakeMediaRoom } from "./fake_media_room.ts";

/** A media plane that carries nothing. */
export class FakeMediaPlane implements MediaPlane {
  /** A test says no. */
  isAvailable = true;
  readonly #rooms = new Set<FakeMediaRoom>();
  #restarts = 0;
  #isClosed = false;

  /** See MediaPlane. */
  openRoom(roomId: RoomId, events: MediaRoomEvents): FakeMediaRoom {
    const room: FakeMediaRoom = new FakeMediaRoom(roomId, {
      events,
      onClosed: () => this.#rooms.delete(room),
    });
    this.#rooms.add(room);
    if (this.#isClosed) room.close();
    return room;
  }

  /** The media of a room that is open; the newest where a room was opened again. */
  room(roomId: RoomId): FakeMediaRoom | undefined {
    return [...this.#rooms].findLast((room) => room.roomId === roomId);
  }

  /** See MediaPlane. */
  stats(): Promise<MediaPlaneStats> {
    const rooms = [...this.#rooms];
    const sum = (of: (room: FakeMediaRoom) => number) =>
      rooms.reduce((total, room) => total + of(room), 0);
    return Promise.resolve({
      processes: 1,
      rooms: rooms.length,
      connections: sum((room) => room.connectionCount),
      publications: sum((room) => room.state().publications.length),
      subscriptions: sum((room) => room.state().subscriptions.length),
      received: NO_PACKETS,
      sent: NO_PACKETS,
      restarts: this.#restarts,
    });
  }

  /** What a crash and another process in place of the one before would do. */
  restart(): void {
    this.#restarts++;
    for (const room of this.#rooms) room.restart();
  }

  /** See MediaPlane. */
  close(): Promise<void> {
    for (const room of [...this.#rooms]) room.close();
    this.#isClosed = true;
    this.isAvailable = false;
    return Promise.resolve();
  }
}
