/**
 * Participants that send pictures over their socket while the server wants them: one of the fake hub,
 * which sends when it is told to, and one on a real socket, which keeps the rate that was asked.
 */
import {
  encodeRelayFrame,
  type ServerMessageOf,
  SUBPROTOCOL,
  type WantedPicture,
} from "../../src/protocol/mod.ts";
import type { FakeClock } from "./fake_clock.ts";
import type { FakeClient } from "./hub_fixture.ts";
import { TestClient } from "./test_server.ts";
import { waitUntil } from "./wait_until.ts";

const TINY_JPEG =
  "/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAg+Pkk+SVVVVVVVVWRdZGhoaGRkZGRoaGhw" +
  "cHCDg4NwcHBoaHBwfHyDg4+Tj4eHg4eTk5ubm7q6srLZ2eD/////xABKAAEAAAAAAAAAAAAAAAAAAAAAAQEAAAAAAAAA" +
  "AAAAAAAAAAAAEAEAAAAAAAAAAAAAAAAAAAAAEQEAAAAAAAAAAAAAAAAAAAAA/8AAEQgAEAAQAwEiAAIRAAMRAP/aAAwD" +
  "AQACEQMRAD8AAA//2Q==";

/** A real picture, 16 by 16 pixels and grey, that ends with a mark to be told by. */
export function tinyJpeg(mark = 0): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(TINY_JPEG), (char) => char.charCodeAt(0));
  // Behind the end of the image decoders read nothing.
  const marked = new Uint8Array(bytes.length + 2);
  marked.set(bytes);
  new DataView(marked.buffer).setUint16(bytes.length, mark);
  return marked;
}

/** The mark of a picture of {@linkcode tinyJpeg}. */
export function markOf(jpeg: Uint8Array): number {
  return new DataView(jpeg.buffer, jpeg.byteOffset).getUint16(jpeg.length - 2);
}

/** A frame with a picture. */
export function pictureFrame(
  pictureId: number,
  jpeg: Uint8Array,
  { timestampUs = 0, number = 0 }: { timestampUs?: number; number?: number } = {},
): Uint8Array<ArrayBuffer> {
  return encodeRelayFrame({
    kind: "jpeg",
    isKey: true,
    pictureId,
    sourceId: 0,
    timestampUs,
    number,
    width: 16,
    height: 16,
    payload: jpeg,
  });
}

/** A member of the fake hub that was joined with `relay: true`. */
export class FakePictureSource {
  readonly client: FakeClient;
  /** What the server wanted last. */
  wanted: ServerMessageOf<"relay-wanted"> | undefined;

  readonly #clock: FakeClock;

  constructor(client: FakeClient, clock: FakeClock) {
    this.client = client;
    this.#clock = clock;
  }

  /** Takes in what the server wants by now: widths and rates, and by how many. */
  look(): { pictures: string[]; viewers: number } {
    this.#clock.endTurn();
    for (const message of this.client.heard()) {
      if (message.type === "relay-wanted") this.wanted = message;
    }
    const { pictures = [], viewers = 0 } = this.wanted ?? {};
    return {
      pictures: pictures.map(({ width, framesPerSecond }) => `${width} px, ${framesPerSecond}/s`),
      viewers,
    };
  }

  /** Sends a picture to whoever wants one. */
  send(jpeg: Uint8Array, timestampUs = 0): void {
    this.look();
    for (const { pictureId } of this.wanted?.pictures ?? []) {
      this.client.sayBytes(pictureFrame(pictureId, jpeg, { timestampUs }));
    }
  }

  /** Waits until the server wants pictures of it. */
  untilWanted(): Promise<void> {
    return waitUntil(() => this.look().pictures.length > 0 ? undefined : "no pictures are wanted");
  }
}

/** What a real source shows: the n-th picture, at most so wide. */
export type PictureAt = (n: number, width: number) => Uint8Array;

/** A participant on a real socket. */
export class PictureSource {
  readonly client: TestClient;
  /** Pictures that it has sent. */
  sent = 0;
  readonly #pictureAt: PictureAt;
  readonly #timers = new Map<number, ReturnType<typeof setInterval>>();
  #read = 0;
  readonly #poll: ReturnType<typeof setInterval>;

  private constructor(client: TestClient, pictureAt: PictureAt) {
    this.client = client;
    this.#pictureAt = pictureAt;
    this.#poll = setInterval(() => this.#look(), 5);
  }

  /** Joins a room of the server at that address. Rejects when it is refused. */
  static async join(
    address: string,
    join: Record<string, unknown>,
    pictureAt: PictureAt = (n) => tinyJpeg(n),
  ): Promise<PictureSource> {
    const url = `${address.replace(/^http/, "ws")}/ws`;
    const token = typeof join.token === "string" ? `?access_token=${join.token}` : "";
    const client = new TestClient(`${url}${token}`, SUBPROTOCOL);
    client.socket.binaryType = "arraybuffer";
    await client.hear("welcome");
    client.say({ type: "join", relay: true, ...join });
    await client.hear("joined");
    return new PictureSource(client, pictureAt);
  }

  /** What the server wants of it by now. */
  get wanted(): { pictures: readonly WantedPicture[]; viewers: number } {
    const told = this.client.messages.filter((one) => one.type === "relay-wanted").at(-1);
    return told ?? { pictures: [], viewers: 0 };
  }

  /** Waits until so many watch it. */
  untilViewers(count: number): Promise<void> {
    return waitUntil(() => {
      const { viewers } = this.wanted;
      return viewers === count ? undefined : `${viewers} watch`;
    });
  }

  /** Leaves, and sends nothing any more. */
  async close(): Promise<void> {
    clearInterval(this.#poll);
    this.#stop();
    await this.client.close();
  }

  #look(): void {
    const { messages, socket } = this.client;
    const isNew = messages.slice(this.#read).some(({ type }) => type === "relay-wanted");
    this.#read = messages.length;
    if (!isNew) return;
    this.#stop();
    for (const { pictureId, width, framesPerSecond } of this.wanted.pictures) {
      const startedAt = performance.now();
      let n = 0;
      // By the clock and not by the period: timers of whole milliseconds would lose pictures.
      const send = () => {
        const due = Math.floor((performance.now() - startedAt) * framesPerSecond / 1000) + 1;
        if (n >= due || socket.readyState !== WebSocket.OPEN) return;
        n = due;
        const timestampUs = Math.round(performance.now() * 1000);
        const jpeg = this.#pictureAt(this.sent, width);
        socket.send(pictureFrame(pictureId, jpeg, { timestampUs, number: this.sent++ }));
      };
      send();
      this.#timers.set(pictureId, setInterval(send, 2));
    }
  }

  #stop(): void {
    for (const timer of this.#timers.values()) clearInterval(timer);
    this.#timers.clear();
  }
}
