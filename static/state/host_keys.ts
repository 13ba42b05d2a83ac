/**
 * The keys of the rooms that this tab has made (rule CR5), from the page that makes a room to the one
 * that enters it. They are secrets, so they stay in the tab and in no address.
 */
import type { Store } from "./preferences.ts";

/** Where they are kept: `sessionStorage`, or a map in a test. */
export interface KeyStore extends Store {
  removeItem(name: string): void;
}

/** The keys. */
export class HostKeys {
  readonly #store: () => KeyStore;

  /** `store` may throw, as `sessionStorage` does where it is forbidden: then no key is kept. */
  constructor(store: () => KeyStore) {
    this.#store = store;
  }

  /** The key of a room, if this tab has made it. */
  read(roomId: string): string | undefined {
    try {
      return this.#store().getItem(nameOf(roomId)) ?? undefined;
    } catch {
      return undefined; // Storage is forbidden.
    }
  }

  /** Keeps the key of a room. */
  keep(roomId: string, hostKey: string): void {
    try {
      this.#store().setItem(nameOf(roomId), hostKey);
    } catch {
      // Storage is forbidden: whoever enters first is host, unless the lobby was asked for.
    }
  }

  /** Forgets a key that opens nothing any more. */
  forget(roomId: string): void {
    try {
      this.#store().removeItem(nameOf(roomId));
    } catch {
      // Storage is forbidden, so nothing was kept.
    }
  }
}

function nameOf(roomId: string): string {
  return `signalbox.hostKey.${roomId}`;
}
