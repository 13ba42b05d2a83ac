/** What the page remembers between visits, each a short string under a name of its own. */

/** Where it is kept: `localStorage`, or a map in a test. */
export interface Store {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

const NAMES = [
  ...["userId", "name", "language", "theme", "shortcuts", "view"] as const,
  ...["microphone", "camera", "speaker", "microphoneOn", "cameraOn"] as const,
  ...["echoCancellation", "noiseSuppression", "autoGainControl"] as const,
] as const;
/** What can be remembered. */
export type PreferenceName = typeof NAMES[number];

/** Reads and writes what the page remembers. */
export class Preferences {
  readonly #store: () => Store;

  /** `store` may throw, as `localStorage` does where it is forbidden: then nothing is remembered. */
  constructor(store: () => Store) {
    this.#store = store;
  }

  /** What was remembered under `name`, if anything. */
  read(name: PreferenceName): string | undefined {
    try {
      return this.#store().getItem(key(name)) ?? undefined;
    } catch {
      return undefined; // Storage is forbidden or full; the page works without a memory.
    }
  }

  /** Remembers `value` if it can. */
  write(name: PreferenceName, value: string): void {
    try {
      this.#store().setItem(key(name), value);
    } catch {
      // Storage is forbidden or full; the page works without a memory.
    }
  }
}

function key(name: PreferenceName): string {
  return `signalbox.${name}`;
}
