/**
 * The files that go and come in a meeting, as the panel lists them: who offers what, how far each is,
 * what can be done with it. A file for everyone is one transfer for each.
 */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { UserId } from "../../src/protocol/mod.ts";
import type { OpenSink } from "../call/byte_sink.ts";
import type { FileChannel } from "../call/file_line.ts";
import { safeFileName } from "../call/file_name.ts";
import { FileReceiver } from "../call/file_receiver.ts";
import { FileSender } from "../call/file_sender.ts";
import {
  chunkBytesFor,
  FILE_LABEL_PREFIX,
  isOver,
  MAX_FILE_BYTES,
  type TransferState,
} from "../call/file_transfer.ts";
import type { Clock } from "./clock.ts";
import { Coalesce } from "./coalesce.ts";
import { TransferSpeed } from "./transfer_speed.ts";

/** One participant may have so many offers open; more are turned away unseen. */
export const MAX_OFFERS_PER_PARTICIPANT = 10;
/** So many transfers are listed; the oldest that are over make room. */
export const MAX_TRANSFERS = 200;
/** The list is drawn this often at most. */
const LIST_PERIOD_MS = 100;

/** What the transfers need. */
export interface TransfersOptions {
  readonly clock: Clock;
  /** Opens a channel to one participant; rejects when there is no connection in time. */
  readonly openChannel: (to: UserId, label: string) => Promise<FileChannel>;
  /** Asks where a file goes. */
  readonly openSink: OpenSink;
  /** Hands a finished file to the person. */
  readonly save: (fileName: string, file: Blob) => void;
  /** An id that nobody else draws. */
  readonly randomId: () => string;
  /** What the connection to a participant takes in one message; default unknown. */
  readonly maxMessageBytes?: (to: UserId) => number | undefined;
  /** Somebody offers a file: for a notice. Default nothing. */
  readonly offered?: (transfer: Transfer) => void;
}

/** A transfer as the list shows it. */
export interface Transfer {
  readonly key: number;
  readonly direction: "incoming" | "outgoing";
  /** The other participant. */
  readonly userId: UserId;
  readonly fileName: string;
  /** Bytes. */
  readonly size: number;
  readonly state: TransferState;
  /** The person is being asked where to save it. */
  readonly isChoosing: boolean;
  readonly bytesPerSecond: number | undefined;
}

interface Entry {
  readonly key: number;
  readonly direction: Transfer["direction"];
  readonly userId: UserId;
  readonly speed: TransferSpeed;
  fileName: string;
  size: number;
  state: TransferState;
  isChoosing: boolean;
  end: FileSender | FileReceiver | undefined;
}

/** The transfers of this page. */
export class Transfers {
  /** Everything, newest first. */
  readonly list: ReadonlySignal<readonly Transfer[]>;
  /** How many offers wait for this person's answer. */
  readonly waitingOffers: ReadonlySignal<number>;

  readonly #options: TransfersOptions;
  readonly #entries = new Map<number, Entry>();
  readonly #list: Signal<readonly Transfer[]> = signal([]);
  readonly #redraw: Coalesce;
  #lastKey = 0;
  #isClosed = false;

  /** Nothing yet. */
  constructor(options: TransfersOptions) {
    this.#options = options;
    this.list = this.#list;
    this.waitingOffers = computed(() =>
      this.#list.value.filter(({ direction, state }) =>
        direction === "incoming" && state.phase === "offered"
      ).length
    );
    this.#redraw = new Coalesce(options.clock, {
      periodMs: LIST_PERIOD_MS,
      run: () => this.#draw(),
    });
  }

  /** Offers `file` to each of them. `too-large` when it is; then nobody hears of it. */
  send(file: File, to: readonly UserId[]): "offered" | "too-large" {
    if (file.size > MAX_FILE_BYTES) return "too-large";
    for (const userId of this.#isClosed ? [] : to) void this.#sendTo(userId, file);
    this.#draw();
    return "offered";
  }

  /**
   * Takes a channel that `from` opened, in the turn in which it came; `false` when it is for no file.
   */
  take(from: UserId, channel: FileChannel): boolean {
    if (!channel.label.startsWith(FILE_LABEL_PREFIX)) return false;
    const open = [...this.#entries.values()].filter(({ direction, userId, state }) =>
      direction === "incoming" && userId === from &&
      (state.phase === "connecting" || state.phase === "offered")
    );
    if (this.#isClosed || open.length >= MAX_OFFERS_PER_PARTICIPANT) {
      channel.close();
      return true;
    }
    const entry = this.#add("incoming", from, { fileName: "", size: 0 });
    const receiver: FileReceiver = new FileReceiver(channel, {
      clock: this.#options.clock,
      changed: (state) => {
        if (state.phase === "offered") {
          entry.fileName = receiver.offer!.name; // What is offered has an offer.
          entry.size = receiver.offer!.size;
        }
        this.#follow(entry, state);
        if (state.phase === "offered") this.#options.offered?.(viewOf(entry));
      },
    });
    entry.end = receiver;
    return true;
  }

  /** Takes an offered file. Call it within the click: browsers ask for a place only then. */
  async accept(key: number): Promise<void> {
    const entry = this.#entries.get(key);
    if (!(entry?.end instanceof FileReceiver) || entry.isChoosing) return;
    if (entry.state.phase !== "offered") return;
    entry.isChoosing = true;
    this.#draw();
    const sink = await this.#options.openSink(entry.fileName);
    entry.isChoosing = false;
    // Asking takes as long as the person likes; the offer may be gone meanwhile.
    if (sink !== undefined && !entry.end.accept(sink)) await sink.abort();
    this.#draw();
  }

  /** Wants no such file. */
  decline(key: number): void {
    const end = this.#entries.get(key)?.end;
    if (end instanceof FileReceiver) end.decline();
    this.#draw();
  }

  /** Gives up, whichever side this is. */
  cancel(key: number): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    if (entry.end === undefined) this.#follow(entry, { phase: "cancelled", by: "self" });
    else entry.end.cancel();
    this.#draw();
  }

  /** Saves a finished file that is not on disk yet, as often as asked. */
  save(key: number): void {
    const entry = this.#entries.get(key);
    if (entry?.state.phase !== "done" || entry.state.file === undefined) return;
    this.#options.save(entry.fileName, entry.state.file);
  }

  /** Takes a transfer that is over off the list, and its file out of the memory. */
  dismiss(key: number): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined && isOver(entry.state)) this.#entries.delete(key);
    this.#draw();
  }

  /** Gives up everything; takes and sends nothing any more. What is done stays listed. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const key of [...this.#entries.keys()]) this.cancel(key);
    this.#redraw.close();
  }

  async #sendTo(userId: UserId, file: File): Promise<void> {
    const { clock, openChannel, randomId, maxMessageBytes } = this.#options;
    const entry = this.#add("outgoing", userId, {
      fileName: safeFileName(file.name),
      size: file.size,
    });
    let channel: FileChannel;
    try {
      channel = await openChannel(userId, `${FILE_LABEL_PREFIX}${randomId()}`);
    } catch {
      // Why there is no connection stands beside the participant; here it says that there is none.
      if (!isOver(entry.state)) this.#follow(entry, { phase: "failed", fault: "no-connection" });
      return;
    }
    if (isOver(entry.state)) return channel.close();
    this.#follow(entry, { phase: "offered" });
    entry.end = new FileSender(channel, file, {
      clock,
      chunkBytes: chunkBytesFor(maxMessageBytes?.(userId)),
      changed: (state) => this.#follow(entry, state),
    });
  }

  #add(
    direction: Transfer["direction"],
    userId: UserId,
    what: { readonly fileName: string; readonly size: number },
  ): Entry {
    const entry: Entry = {
      key: ++this.#lastKey,
      direction,
      userId,
      ...what,
      speed: new TransferSpeed(),
      state: { phase: "connecting" },
      isChoosing: false,
      end: undefined,
    };
    this.#entries.set(entry.key, entry);
    this.#makeRoom();
    return entry;
  }

  /** A file that waits to be saved is not thrown away for the sake of the list. */
  #makeRoom(): void {
    for (const { key, state } of this.#entries.values()) {
      if (this.#entries.size <= MAX_TRANSFERS) return;
      if (isOver(state) && !(state.phase === "done" && state.file)) this.#entries.delete(key);
    }
  }

  #follow(entry: Entry, state: TransferState): void {
    const isNewPhase = entry.state.phase !== state.phase;
    entry.state = state;
    // Who opened a channel and offered nothing on it was never listed.
    if (isOver(state) && entry.fileName === "") this.#entries.delete(entry.key);
    if (state.phase === "running") entry.speed.add(this.#options.clock.elapsed(), state.bytes);
    if (isNewPhase || this.#isClosed) this.#draw();
    else this.#redraw.touch();
  }

  #draw(): void {
    this.#redraw.close();
    this.#list.value = [...this.#entries.values()]
      .filter(({ direction, fileName }) => direction === "outgoing" || fileName !== "")
      .map(viewOf)
      .reverse();
  }
}

function viewOf(entry: Entry): Transfer {
  const { key, direction, userId, fileName, size, state, isChoosing, speed } = entry;
  const bytesPerSecond = state.phase === "running" ? speed.bytesPerSecond : undefined;
  return { key, direction, userId, fileName, size, state, isChoosing, bytesPerSecond };
}
