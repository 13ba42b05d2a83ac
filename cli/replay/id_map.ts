/**
 * Which id of the capture is which id now: what the server makes anew each time (user ids, room codes,
 * resume tokens, host keys), and the prefix that keeps a replay out of the rooms of others. One for a
 * whole replay; it learns from what each client receives.
 */
import { fieldsOf } from "../verify/mod.ts";

/** The fields with an id that the server may have made, by what they name. */
const KINDS = {
  userId: "user",
  from: "user",
  to: "user",
  users: "user",
  roomId: "room",
  resumeToken: "secret",
  hostKey: "secret",
} as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];

/** What applications send through a room is their own, whatever its fields are called. */
const OPAQUE = ["payload", "description", "candidate", "text"];

/** Ids of the capture and of now. */
export class IdMap {
  readonly #roomPrefix: string;
  readonly #now = new Map<string, string>();
  readonly #captured = new Map<string, string>();

  /** `roomPrefix` goes before the id of each room that the server did not name. */
  constructor(roomPrefix: string) {
    this.#roomPrefix = roomPrefix;
  }

  /** Learns from a message that came in the place of a captured one. */
  learn(captured: unknown, seen: unknown): void {
    const [before, now] = [fieldsOf(captured), fieldsOf(seen)];
    if (before === undefined || now === undefined || before.type !== now.type) return;
    if (before.type !== "joined" && before.type !== "room-created") return;
    for (const [field, kind] of Object.entries(KINDS)) {
      const [old, fresh] = [before[field], now[field]];
      if (typeof old !== "string" || typeof fresh !== "string") continue;
      if (kind === "room" && (before.type === "joined" || fresh === old)) continue;
      this.#now.set(`${kind} ${old}`, fresh);
      this.#captured.set(`${kind} ${fresh}`, old);
    }
  }

  /** A message of the capture as it is sent now. */
  toNow(message: unknown): unknown {
    return mapIds(message, (kind, id) => {
      const known = this.#now.get(`${kind} ${id}`);
      if (known !== undefined || kind !== "room") return known ?? id;
      return `${this.#roomPrefix}${id}`;
    });
  }

  /** A message that came now as the capture would have it. */
  toCaptured(message: unknown): unknown {
    return mapIds(message, (kind, id) => {
      const known = this.#captured.get(`${kind} ${id}`);
      if (known !== undefined || kind !== "room") return known ?? id;
      return id.startsWith(this.#roomPrefix) ? id.slice(this.#roomPrefix.length) : id;
    });
  }
}

function mapIds(value: unknown, map: (kind: Kind, id: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => mapIds(one, map));
  const fields = fieldsOf(value);
  if (fields === undefined) return value;
  return Object.fromEntries(
    Object.entries(fields).map(([key, one]) => {
      if (OPAQUE.includes(key)) return [key, one];
      const kind = Object.hasOwn(KINDS, key) ? KINDS[key as keyof typeof KINDS] : undefined;
      if (kind === undefined) return [key, mapIds(one, map)];
      const mapOne = (id: unknown) => typeof id === "string" ? map(kind, id) : id;
      return [key, Array.isArray(one) ? one.map(mapOne) : mapOne(one)];
    }),
  );
}
