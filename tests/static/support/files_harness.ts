/**
 * Two participants in one page who send each other files over two real connections; the panel of one
 * of them is shown. Bundled and loaded by `tests/support/harness_page.ts`.
 */
import { signal } from "@preact/signals";
import { h, render } from "preact";
import type { UserId } from "../../../src/protocol/mod.ts";
import { pageClock } from "../../../static/browser/page_clock.ts";
import { openSink, saveFile } from "../../../static/browser/save_stream.ts";
import { followSettings } from "../../../static/browser/settings.ts";
import type { FileChannel } from "../../../static/call/file_line.ts";
import { FilesPanel } from "../../../static/components/meet/files_panel.tsx";
import { LiveRegion } from "../../../static/components/live_region.tsx";
import { Transfers } from "../../../static/state/transfers.ts";
import { installTheme } from "../../../static/theme.ts";
import { Loopback } from "./loopback.ts";

type Side = "ann" | "bob";
const sides: Record<Side, { name: string; userId: UserId }> = {
  ann: { name: "Ann", userId: "ann" as UserId },
  bob: { name: "Bob", userId: "bob" as UserId },
};
let pair: Loopback;
let transfers: Record<Side, Transfers>;
let isDamaging = false;

/** What `page.evaluate` calls. */
const harness = {
  /** Connects the two and shows the panel of one. */
  async start(shown: Side): Promise<void> {
    pair = await Loopback.forChannels();
    transfers = {
      ann: createTransfers("bob", pair.near, pair.far),
      bob: createTransfers("ann", pair.far, pair.near),
    };
    const others = signal([sides[shown === "ann" ? "bob" : "ann"]]);
    installTheme();
    followSettings();
    const panel = h(FilesPanel, { transfers: transfers[shown], others });
    render(
      h("main", { class: "w-[22rem] p-4" }, [h("h1", null, "Files"), panel, h(LiveRegion, null)]),
      document.getElementById("page")!,
    );
  },

  /** Offers a file of this size from Ann to Bob; its SHA-256 by the browser's own hand. */
  async send(name: string, size: number): Promise<string> {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 65_536) {
      crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65_536)));
    }
    transfers.ann.send(new File([bytes], name), [sides.bob.userId]);
    return await hash(bytes);
  },

  /** Flips a bit in everything that Ann sends from now on. */
  damage(): void {
    isDamaging = true;
  },

  /** Files go to the browser's own file system, as if the person had picked a place there. */
  pickPlaces(): void {
    Object.assign(globalThis, {
      async showSaveFilePicker({ suggestedName }: { suggestedName: string }) {
        const folder = await navigator.storage.getDirectory();
        return await folder.getFileHandle(suggestedName, { create: true });
      },
    });
  },

  /** The browser has no access to the disk. */
  offerNoPlaces(): void {
    Object.assign(globalThis, { showSaveFilePicker: undefined });
  },

  /** The size and hash of a file where it was saved. */
  async onDisk(name: string): Promise<{ size: number; sha256: string }> {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle(name)).getFile();
    return { size: file.size, sha256: await hash(new Uint8Array(await file.arrayBuffer())) };
  },

  /** Where the last transfer of each side stands, with the fault if it failed. */
  states(): Record<Side, string> {
    const last = ({ list }: Transfers) => {
      const state = list.value[0]?.state;
      return state?.phase === "failed" ? `failed: ${state.fault}` : state?.phase ?? "none";
    };
    return { ann: last(transfers.ann), bob: last(transfers.bob) };
  },

  /** Bytes that Bob has put away. */
  progress(): number {
    const state = transfers.bob.list.value[0]?.state;
    return state?.phase === "running" ? state.bytes : 0;
  },

  /** Ann's end of everything is gone. */
  cut: (): void => pair.near.close(),
};

function createTransfers(
  to: Side,
  own: RTCPeerConnection,
  other: RTCPeerConnection,
): Transfers {
  const made = new Transfers({
    clock: pageClock,
    async openChannel(_to, label): Promise<FileChannel> {
      const channel = own.createDataChannel(label);
      await new Promise((resolve) => channel.onopen = resolve);
      return isDamaging ? damaging(channel) : channel;
    },
    openSink,
    save: saveFile,
    randomId: () => `${crypto.getRandomValues(new Uint32Array(1))}`,
    maxMessageBytes: () => other.sctp?.maxMessageSize,
  });
  own.ondatachannel = ({ channel }) => made.take(sides[to].userId, channel);
  return made;
}

/** A channel that changes one bit of every chunk. */
function damaging(channel: RTCDataChannel): FileChannel {
  return new Proxy(channel, {
    get(target, name) {
      if (name === "send") {
        return (data: string | Uint8Array<ArrayBuffer>) => {
          if (typeof data === "string") return target.send(data);
          const damaged = data.slice();
          damaged[0]! ^= 1;
          target.send(damaged);
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value),
  });
}

async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

Object.assign(globalThis, { harness });
