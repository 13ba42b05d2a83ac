/**
 * VP9 in RTP (RFC 9628): the payload descriptor, by which the SFU chooses and drops layers.
 */
import { byteAt, uint16At } from "./bytes.ts";

/** The descriptor has three bits for a spatial layer. */
const MAX_SPATIAL_LAYERS = 8;
/** Section 4.2: a picture of the flexible mode names three others at most. */
const MAX_REFERENCES = 3;

/** A view of one descriptor after another; allocates nothing. After `false` its fields mean nothing. */
export class Vp9Descriptor {
  /** Bytes of the descriptor; what follows is VP9. */
  length = 0;
  /** 7 or 15 bits; -1: none. */
  pictureId = -1;
  /** Where in the bytes it stands; -1: nowhere. */
  pictureIdOffset = -1;
  /** Whether the picture id has 15 bits. */
  isLongPictureId = false;
  /** 8 bits, in the non-flexible mode alone; -1: none. */
  tl0PicIdx = -1;
  /** Where in the bytes it stands; -1: nowhere. */
  tl0Offset = -1;
  /** 0 to 7; -1: it names no layers. */
  spatialId = -1;
  /** 0 to 7; -1: it names no layers. */
  temporalId = -1;
  /** Whether it needs the spatial layer below of the same picture. */
  isInterLayer = false;
  /** Whether the frame of a layer begins with this packet. */
  isFrameStart = false;
  /** Whether the frame of a layer ends with this packet. */
  isFrameEnd = false;
  /** Whether it needs an earlier picture. */
  isInterPicture = false;
  /** Whether higher temporal layers can be forwarded from the next picture on. */
  isSwitchingUp = false;
  /** Whether the packet begins a picture that needs no other one, at its lowest spatial layer. */
  isKeyFrame = false;
  /** How many spatial layers the scalability structure names; 0: there is none in this packet. */
  layerCount = 0;
  /** Pixels by spatial layer; 0: it does not say. Meant only where `layerCount` is not 0. */
  readonly widths: Uint16Array = new Uint16Array(MAX_SPATIAL_LAYERS);
  /** As `widths`. */
  readonly heights: Uint16Array = new Uint16Array(MAX_SPATIAL_LAYERS);

  /** Whether a whole descriptor and at least one byte of VP9 stand from `start` up to `end`. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    const limit = Math.min(end, bytes.length);
    const head = byteAt(bytes, start);
    const isFlexible = (head & 0x10) !== 0;
    this.isInterPicture = (head & 0x40) !== 0;
    this.isFrameStart = (head & 0x08) !== 0;
    this.isFrameEnd = (head & 0x04) !== 0;
    let at = this.#readPictureId(bytes, start + 1, (head & 0x80) !== 0);
    at = this.#readLayers(bytes, at, (head & 0x20) !== 0, isFlexible);
    if (isFlexible && this.isInterPicture) at = afterReferences(bytes, at);
    this.layerCount = 0;
    if ((head & 0x02) !== 0 && at >= 0) at = this.#readStructure(bytes, at, limit);
    this.length = at - start;
    this.isKeyFrame = this.isFrameStart && !this.isInterPicture && this.spatialId <= 0;
    return start >= 0 && at > start && at < limit;
  }

  #readPictureId(bytes: Uint8Array, at: number, isThere: boolean): number {
    this.pictureIdOffset = isThere ? at : -1;
    this.isLongPictureId = isThere && (byteAt(bytes, at) & 0x80) !== 0;
    this.pictureId = -1;
    if (this.isLongPictureId) this.pictureId = uint16At(bytes, at) & 0x7fff;
    else if (isThere) this.pictureId = byteAt(bytes, at);
    if (!isThere) return at;
    return at + (this.isLongPictureId ? 2 : 1);
  }

  #readLayers(bytes: Uint8Array, at: number, isThere: boolean, isFlexible: boolean): number {
    const layers = isThere ? byteAt(bytes, at) : 0;
    this.temporalId = isThere ? layers >> 5 : -1;
    this.isSwitchingUp = (layers & 0x10) !== 0;
    this.spatialId = isThere ? layers >> 1 & 0x07 : -1;
    this.isInterLayer = (layers & 0x01) !== 0;
    const hasTl0 = isThere && !isFlexible;
    this.tl0Offset = hasTl0 ? at + 1 : -1;
    this.tl0PicIdx = hasTl0 ? byteAt(bytes, at + 1) : -1;
    if (!isThere) return at;
    return at + (isFlexible ? 1 : 2);
  }

  /** Section 4.2.1: sizes of the layers, then which pictures of a group need which. */
  #readStructure(bytes: Uint8Array, start: number, limit: number): number {
    const head = byteAt(bytes, start);
    const hasSizes = (head & 0x10) !== 0;
    let at = start + 1;
    this.layerCount = (head >> 5) + 1;
    for (let layer = 0; layer < this.layerCount; layer++) {
      this.widths[layer] = hasSizes ? uint16At(bytes, at) : 0;
      this.heights[layer] = hasSizes ? uint16At(bytes, at + 2) : 0;
      if (hasSizes) at += 4;
    }
    if ((head & 0x08) === 0) return at;
    const pictures = byteAt(bytes, at++);
    for (let picture = 0; picture < pictures && at < limit; picture++) {
      at += 1 + (byteAt(bytes, at) >> 2 & 0x03);
    }
    return at;
  }
}

/** Where the differences to the pictures that it needs end; -1: they do not. */
function afterReferences(bytes: Uint8Array, start: number): number {
  for (let at = start; at < start + MAX_REFERENCES; at++) {
    if ((byteAt(bytes, at) & 0x01) === 0) return at + 1;
  }
  return -1;
}
