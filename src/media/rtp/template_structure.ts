/**
 * The templates of a dependency descriptor (av1-rtp-spec, section A.8.3 and what it refers to).
 * `dependency_descriptor.ts` reads one with each key frame; only what tells layers is kept.
 */
import type { BitReader } from "./bit_reader.ts";

/** Ids have six bits. */
const MAX_TEMPLATES = 64;
/** Section A.8.3.1: no scalability mode has more. */
const MAX_SPATIAL_LAYERS = 4;
const MAX_TEMPORAL_LAYERS = 8;
/** next_layer_idc. */
const NEXT_TEMPORAL = 1;
const NEXT_SPATIAL = 2;
const NO_MORE = 3;

/** What a template id means. After a `read` that failed it means nothing. */
export class TemplateStructure {
  /** The id of the first template. */
  templateOffset = 0;
  /** Up to 64. */
  templateCount = 0;
  /** 0: none was read. */
  spatialLayers = 0;
  /** 0 to 3, by template. */
  readonly spatialIds: Uint8Array = new Uint8Array(MAX_TEMPLATES);
  /** 0 to 7, by template. */
  readonly temporalIds: Uint8Array = new Uint8Array(MAX_TEMPLATES);
  /** Pixels by spatial layer; 0: it does not say. */
  readonly widths: Uint16Array = new Uint16Array(MAX_SPATIAL_LAYERS);
  /** Pixels by spatial layer; 0: it does not say. */
  readonly heights: Uint16Array = new Uint16Array(MAX_SPATIAL_LAYERS);

  /** Whether what `reader` has next is a whole template_dependency_structure(). */
  read(reader: BitReader): boolean {
    this.templateOffset = reader.bits(6);
    const targets = reader.bits(5) + 1;
    if (!this.#readLayers(reader)) return false;
    // What each template means to each decode target.
    reader.skip(this.templateCount * targets * 2);
    this.#skipFrameDifferences(reader);
    this.#skipChains(reader, targets);
    this.#readSizes(reader);
    return !reader.isOverrun;
  }

  /** template_layers() */
  #readLayers(reader: BitReader): boolean {
    let spatialId = 0;
    let temporalId = 0;
    let next = 0;
    this.templateCount = 0;
    while (next !== NO_MORE) {
      const isTooMany = this.templateCount >= MAX_TEMPLATES;
      if (isTooMany || spatialId >= MAX_SPATIAL_LAYERS || temporalId >= MAX_TEMPORAL_LAYERS) {
        return false;
      }
      this.spatialIds[this.templateCount] = spatialId;
      this.temporalIds[this.templateCount] = temporalId;
      this.templateCount++;
      next = reader.bits(2);
      if (next === NEXT_TEMPORAL) temporalId++;
      if (next !== NEXT_SPATIAL) continue;
      spatialId++;
      temporalId = 0;
    }
    this.spatialLayers = spatialId + 1;
    return true;
  }

  /** template_fdiffs(): for each template any number of differences, each behind a set bit. */
  #skipFrameDifferences(reader: BitReader): void {
    for (let template = 0; template < this.templateCount; template++) {
      while (reader.flag()) reader.skip(4);
    }
  }

  /** template_chains() */
  #skipChains(reader: BitReader, targets: number): void {
    const chains = reader.nonSymmetric(targets + 1);
    if (chains === 0) return;
    for (let target = 0; target < targets; target++) reader.nonSymmetric(chains);
    reader.skip(this.templateCount * chains * 4);
  }

  /** render_resolutions() */
  #readSizes(reader: BitReader): void {
    const hasSizes = reader.flag();
    for (let layer = 0; layer < MAX_SPATIAL_LAYERS; layer++) {
      const isThere = hasSizes && layer < this.spatialLayers;
      this.widths[layer] = isThere ? reader.bits(16) + 1 : 0;
      this.heights[layer] = isThere ? reader.bits(16) + 1 : 0;
    }
  }
}
