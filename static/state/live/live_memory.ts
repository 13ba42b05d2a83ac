/**
 * What a tab remembers of its own broadcast, so that a reload goes on with the same code: its room,
 * who one is there, and what was shown. The host key is kept beside it (`host_keys.ts`).
 */
import type { RoomId, UserId } from "../../../src/protocol/mod.ts";
import type { KeyStore } from "../host_keys.ts";
import { parseRoomId, parseUserId } from "../ids.ts";
import { isRecord } from "../server_message.ts";

const NAME = "signalbox.broadcast";

/** What a broadcast shows. */
export const SOURCES = ["camera", "screen"] as const;
/** One of {@linkcode SOURCES}. */
export type PictureSource = typeof SOURCES[number];

/** A broadcast of this tab. */
export interface RememberedBroadcast {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly source: PictureSource;
}

/** The memory. */
export class LiveMemory {
  readonly #store: () => KeyStore;

  /** `store` may throw, as `sessionStorage` does where it is forbidden: then nothing is kept. */
  constructor(store: () => KeyStore) {
    this.#store = store;
  }

  /** The broadcast that this tab has not ended. */
  read(): RememberedBroadcast | undefined {
    try {
      return broadcastIn(JSON.parse(this.#store().getItem(NAME) ?? "null"));
    } catch {
      return undefined; // Storage is forbidden, or somebody else wrote there.
    }
  }

  /** Keeps a broadcast in place of the last one. */
  keep(broadcast: RememberedBroadcast): void {
    try {
      this.#store().setItem(NAME, JSON.stringify(broadcast));
    } catch {
      // Storage is forbidden: a reload begins another broadcast.
    }
  }

  /** It was ended. */
  forget(): void {
    try {
      this.#store().removeItem(NAME);
    } catch {
      // Storage is forbidden, so nothing was kept.
    }
  }
}

function broadcastIn(value: unknown): RememberedBroadcast | undefined {
  if (!isRecord(value)) return undefined;
  const roomId = parseRoomId(`${value.roomId}`);
  const userId = parseUserId(`${value.userId}`);
  const source = SOURCES.find((known) => known === value.source);
  if (roomId === undefined || userId === undefined || source === undefined) return undefined;
  return { roomId, userId, source };
}
