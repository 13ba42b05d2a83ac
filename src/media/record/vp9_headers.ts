/**
 * Hides the lower spatial layers of a VP9 picture. A sender shows every layer and leaves it to the
 * receiver which one is looked at; in a file a picture has one frame that is shown, or players flicker
 * through the sizes. Whether a frame is shown stands in its uncompressed header (VP9 bitstream
 * specification, sections 6.2 and 7.2), where it decides on a bit more, so that the header is read to
 * its end. `Vp9Reader` has one for a track and lets it read every frame.
 */
import { BitReader } from "../rtp/bit_reader.ts";
import { byteAt } from "../rtp/bytes.ts";

const FRAME_MARKER = 2;
const SYNC_CODE = 0x498342;
const RGB = 7;
const SLOTS = 8;
const REFERENCES = 3;
const SEGMENTS = 8;
/** Bits of each feature of a segment, with its sign (section 6.2.11). */
const FEATURE_BITS = [8 + 1, 6 + 1, 2, 0] as const;

/** Where things stand in a header, in bits from its beginning. */
export type Vp9Header = {
  readonly isShown: boolean;
  readonly isKeyFrame: boolean;
  /** Where it says whether it is shown. */
  readonly shownAt: number;
  /** Where a frame that is not shown says whether it is coded alone. */
  readonly aloneAt: number;
  /** Where it ends; up to the next whole byte there is nothing. */
  readonly endAt: number;
};

/** The headers of one stream, one after the other. */
export class Vp9Headers {
  readonly #reader = new BitReader();
  #at = 0;
  /** The widths of the pictures that later ones may need. */
  readonly #widths = new Uint32Array(SLOTS);

  /** Reads the header of the next frame; `undefined`: it has none that is to be changed. */
  read(frame: Uint8Array): Vp9Header | undefined {
    this.#reader.open(frame, 0, frame.length);
    this.#at = 0;
    if (this.#bits(2) !== FRAME_MARKER) return undefined;
    const profile = this.#bits(1) + this.#bits(1) * 2;
    if (profile === 3) this.#bits(1);
    // A picture of earlier is shown again.
    if (this.#flag()) return undefined;
    const isKeyFrame = !this.#flag();
    const shownAt = this.#at;
    const isShown = this.#flag();
    const isResilient = this.#flag();
    const aloneAt = this.#at;
    const isAlone = !isKeyFrame && !isShown && this.#flag();
    if (!isKeyFrame && !isResilient) this.#bits(2);
    const width = isKeyFrame || isAlone
      ? this.#readAlone(profile, isKeyFrame)
      : this.#readDependent();
    if (!isResilient) this.#bits(2);
    this.#bits(2);
    this.#skipLoopFilter();
    this.#skipQuantization();
    this.#skipSegmentation();
    this.#skipTiles(width);
    const compressedBytes = this.#bits(16);
    if (width === 0 || compressedBytes === 0 || this.#reader.isOverrun) return undefined;
    return { isShown, isKeyFrame, shownAt, aloneAt, endAt: this.#at };
  }

  /** A frame that needs no other; returns its width, 0: it is none. */
  #readAlone(profile: number, isKeyFrame: boolean): number {
    if (this.#bits(24) !== SYNC_CODE) return 0;
    if (isKeyFrame || profile > 0) this.#skipColours(profile);
    const refreshed = isKeyFrame ? 0xff : this.#bits(8);
    const width = this.#readSize();
    this.#refresh(refreshed, width);
    return width;
  }

  /** A frame that needs others, and may be as large as one of them. */
  #readDependent(): number {
    const refreshed = this.#bits(8);
    const slots = [0, 0, 0];
    for (let index = 0; index < REFERENCES; index++) {
      slots[index] = this.#bits(3);
      this.#bits(1);
    }
    const found = slots.find(() => this.#flag());
    const width = found === undefined ? this.#bits(16) + 1 : this.#widths[found] ?? 0;
    if (found === undefined) this.#bits(16);
    this.#skipRenderSize();
    // High precision, and a filter for all blocks or one for each.
    this.#bits(1);
    if (!this.#flag()) this.#bits(2);
    this.#refresh(refreshed, width);
    return width;
  }

  #readSize(): number {
    const width = this.#bits(16) + 1;
    this.#bits(16);
    this.#skipRenderSize();
    return width;
  }

  #refresh(slots: number, width: number): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      if ((slots >> slot & 1) === 1) this.#widths[slot] = width;
    }
  }

  #skipRenderSize(): void {
    if (this.#flag()) this.#bits(32);
  }

  #skipColours(profile: number): void {
    if (profile >= 2) this.#bits(1);
    const isRgb = this.#bits(3) === RGB;
    const hasSubsampling = profile === 1 || profile === 3;
    if (!isRgb) this.#bits(hasSubsampling ? 4 : 1);
    else if (hasSubsampling) this.#bits(1);
  }

  #skipLoopFilter(): void {
    this.#bits(6 + 3);
    if (!this.#flag() || !this.#flag()) return;
    for (let delta = 0; delta < 4 + 2; delta++) this.#skipOptional(6 + 1);
  }

  #skipQuantization(): void {
    this.#bits(8);
    for (let delta = 0; delta < 3; delta++) this.#skipOptional(4 + 1);
  }

  #skipSegmentation(): void {
    if (!this.#flag()) return;
    if (this.#flag()) {
      for (let node = 0; node < SEGMENTS - 1; node++) this.#skipOptional(8);
      const isTemporal = this.#flag();
      for (let context = 0; isTemporal && context < 3; context++) this.#skipOptional(8);
    }
    if (!this.#flag()) return;
    this.#bits(1);
    for (let feature = 0; feature < SEGMENTS * FEATURE_BITS.length; feature++) {
      this.#skipOptional(FEATURE_BITS[feature % FEATURE_BITS.length]!);
    }
  }

  /** Section 6.2.13: how many columns there may be depends on the width. */
  #skipTiles(width: number): void {
    const columns = Math.ceil(width / 64);
    let log2 = 0;
    while (64 << log2 < columns) log2++;
    let maxLog2 = 1;
    while (columns >> maxLog2 >= 4) maxLog2++;
    while (log2 < maxLog2 - 1 && this.#flag()) log2++;
    this.#skipOptional(1);
  }

  /** A flag, and `count` bits where it is set. */
  #skipOptional(count: number): void {
    if (this.#flag()) this.#bits(count);
  }

  #flag(): boolean {
    return this.#bits(1) === 1;
  }

  #bits(count: number): number {
    this.#at += count;
    return this.#reader.bits(count);
  }
}

/** The frame with this header as one that is decoded and not shown. */
export function hiddenFrame(frame: Uint8Array, header: Vp9Header): Uint8Array {
  const { isShown, isKeyFrame, shownAt, aloneAt, endAt } = header;
  if (!isShown) return frame;
  // One that needs others has to say so once it is hidden: a bit that is not set.
  const added = isKeyFrame ? 0 : 1;
  const oldBytes = Math.ceil(endAt / 8);
  const newBytes = Math.ceil((endAt + added) / 8);
  const hidden = new Uint8Array(frame.length - oldBytes + newBytes);
  hidden.set(frame.subarray(oldBytes), newBytes);
  for (let at = 0; at < endAt; at++) {
    const isSet = (byteAt(frame, at >> 3) >> 7 - at % 8 & 1) === 1 && at !== shownAt;
    const to = at < aloneAt ? at : at + added;
    if (isSet) hidden[to >> 3] = byteAt(hidden, to >> 3) | 0x80 >> to % 8;
  }
  return hidden;
}
