/**
 * The dependency descriptor (av1-rtp-spec, appendix A): which layer a frame belongs to. AV1 and VP9
 * send it as a header extension; a key frame brings the templates that later packets refer to, so
 * each stream needs a reader of its own.
 */
import { BitReader } from "./bit_reader.ts";
import { byteAt, uint16At } from "./bytes.ts";
import { TemplateStructure } from "./template_structure.ts";

/** Section A.2: a descriptor without extended fields is exactly as long. */
const MANDATORY_BYTES = 3;
const TEMPLATE_IDS = 64;

/**
 * A view of one descriptor after another of one stream. Allocates nothing. After `false` the layer of
 * the frame is not known, and what was learnt before is kept.
 */
export class DependencyDescriptor {
  /** 16 bits, another for each frame of each layer. */
  frameNumber = 0;
  /** Whether a frame begins with this packet. */
  isFrameStart = false;
  /** Whether a frame ends with this packet. */
  isFrameEnd = false;
  /** 0 to 3, of the frame. */
  spatialId = 0;
  /** 0 to 7, of the frame. */
  temporalId = 0;
  /** Whether this packet brought templates: it begins a key frame. */
  hasStructure = false;
  #structure = new TemplateStructure();
  #spare = new TemplateStructure();
  readonly #reader = new BitReader();

  /** Whether the stream has more than one spatial layer, as far as is known. */
  get isSvc(): boolean {
    return this.#structure.spatialLayers > 1;
  }

  /** Spatial layers of the stream; 0: nothing is known of it yet. */
  get layerCount(): number {
    return this.#structure.spatialLayers;
  }

  /** Pixels by spatial layer; 0: it does not say. */
  get widths(): Readonly<Uint16Array> {
    return this.#structure.widths;
  }

  /** Pixels by spatial layer; 0: it does not say. */
  get heights(): Readonly<Uint16Array> {
    return this.#structure.heights;
  }

  /**
   * Reads the `length` bytes of an extension at `offset`. `false`: they are no descriptor, or refer to
   * templates that never came.
   */
  read(bytes: Uint8Array, offset: number, length: number): boolean {
    this.hasStructure = false;
    if (length < MANDATORY_BYTES || offset < 0 || offset + length > bytes.length) return false;
    const head = byteAt(bytes, offset);
    this.isFrameStart = (head & 0x80) !== 0;
    this.isFrameEnd = (head & 0x40) !== 0;
    this.frameNumber = uint16At(bytes, offset + 1);
    const hasMore = length > MANDATORY_BYTES;
    if (hasMore && !this.#readExtendedFields(bytes, offset, length)) return false;
    const { templateOffset, templateCount, spatialIds, temporalIds } = this.#structure;
    const index = ((head & 0x3f) + TEMPLATE_IDS - templateOffset) % TEMPLATE_IDS;
    if (index >= templateCount) return false;
    this.spatialId = byteAt(spatialIds, index);
    this.temporalId = byteAt(temporalIds, index);
    return true;
  }

  /** Takes new templates, if there are any. What follows them says nothing of layers. */
  #readExtendedFields(bytes: Uint8Array, offset: number, length: number): boolean {
    const reader = this.#reader;
    reader.open(bytes, offset + MANDATORY_BYTES, offset + length);
    if (!reader.flag()) return true;
    reader.skip(4);
    if (!this.#spare.read(reader)) return false;
    [this.#structure, this.#spare] = [this.#spare, this.#structure];
    this.hasStructure = true;
    return true;
  }
}
