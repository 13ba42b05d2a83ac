/**
 * Single pictures for those who watch over HTTP: each wish has a width and a rate of its own, and gets
 * JPEG pictures as long as it lasts. Nothing is encoded twice at once for one wish: who cannot keep up
 * makes fewer.
 */
import type { WantedPicture } from "../../../src/protocol/mod.ts";
import type { FrameSink } from "./frame_sink.ts";
import type { Picture, RelayPlatform } from "./relay_platform.ts";
import { FULL_BYTES } from "./relay_rate.ts";
import { PAUSE_MS } from "./video_sender.ts";

/** A picture that is too long for a frame is made so much narrower the next time. */
const NARROWER = 0.75;
/** No picture is narrower than this. */
const LEAST_WIDTH = 16;
/** A camera's pictures come unevenly: one may come so much of its period early. */
const EARLY = 0.2;

/** One wish, and where it stands. */
type Watch = {
  wanted: WantedPicture;
  /** When the next one is due, microseconds. */
  dueUs: number;
  isBusy: boolean;
  /** What a frame takes of the width that is wanted. */
  scale: number;
};

/** What a sender of single pictures needs. */
export interface PictureSenderOptions {
  readonly platform: RelayPlatform;
  readonly sink: FrameSink;
  /** A picture could not be made. Default: nobody asks. */
  readonly faulted?: ((fault: unknown) => void) | undefined;
}

/** Sends single pictures. */
export class PictureSender {
  readonly #options: PictureSenderOptions;
  readonly #watches = new Map<number, Watch>();

  /** Nobody watches. */
  constructor(options: PictureSenderOptions) {
    this.#options = options;
  }

  /** Whether anybody watches. */
  get isWanted(): boolean {
    return this.#watches.size > 0;
  }

  /** The wishes from now on. */
  setWanted(pictures: readonly WantedPicture[]): void {
    for (const id of this.#watches.keys()) {
      if (!pictures.some(({ pictureId }) => pictureId === id)) this.#watches.delete(id);
    }
    for (const wanted of pictures) {
      const watch = this.#watches.get(wanted.pictureId);
      if (watch !== undefined) watch.wanted = wanted;
      else {
        const fresh = { wanted, dueUs: -Infinity, isBusy: false, scale: 1 };
        this.#watches.set(wanted.pictureId, fresh);
      }
    }
  }

  /** A picture of `atUs`: whoever is due gets it. */
  take(picture: Picture, atUs: number): void {
    const { sink } = this.#options;
    if (sink.bufferedBytes > FULL_BYTES || sink.delayMs > PAUSE_MS) return;
    for (const watch of this.#watches.values()) {
      const periodUs = 1e6 / watch.wanted.framesPerSecond;
      if (watch.isBusy || atUs < watch.dueUs - EARLY * periodUs) continue;
      // By its own beat, so that the mean rate is the one that is wanted; not to make up for a pause.
      watch.dueUs = Math.max(watch.dueUs + periodUs, atUs + periodUs / 2);
      void this.#make(watch, picture.clone(), atUs);
    }
  }

  /** Ends it. Idempotent. */
  close(): void {
    this.#watches.clear();
  }

  async #make(watch: Watch, picture: Picture, timestampUs: number): Promise<void> {
    const { platform, sink, faulted } = this.#options;
    const { pictureId } = watch.wanted;
    watch.isBusy = true;
    try {
      const most = Math.min(watch.wanted.width, picture.displayWidth);
      const width = Math.max(LEAST_WIDTH, Math.round(most * watch.scale));
      const jpeg = await platform.encodeJpeg(picture, width);
      if (this.#watches.get(pictureId) !== watch) return; // Nobody wants it any more.
      if (sink.fits(jpeg.payload)) {
        sink.send({ kind: "jpeg", isKey: true, pictureId, timestampUs, ...jpeg });
      } else watch.scale *= NARROWER;
    } catch (fault) {
      faulted?.(fault);
    } finally {
      watch.isBusy = false;
      picture.close();
    }
  }
}
