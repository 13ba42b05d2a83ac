/**
 * H.264 of pictures of blocks, without an encoder: Constrained Baseline with CAVLC, in which a block
 * is copied from the picture before (P_Skip), predicted from the block above or beside it
 * (Intra_16x16 without a residual), or written out (I_PCM). The test pattern is sent so; every decoder
 * takes it, and a picture is a kilobyte or two.
 */
import { BitWriter, UNIT_TYPES, unitOf } from "./bit_writer.ts";
import { BLOCK_PIXELS, type BlockPicture, type Colour, isSameColour } from "./block_picture.ts";

/** Profile 66 with constraint_set0 and 1, level 3.1: what every browser offers. */
const PROFILE = { profile: 66, constraints: 0xc0, level: 31 };
/** frame_num has so many bits. */
const FRAME_NUMBER_BITS = 16;
const LUMA_BYTES = BLOCK_PIXELS ** 2;
const CHROMA_BYTES = LUMA_BYTES / 4;
/** Tables 7-11 and 7-13: mb_type of what is written, and what is added in a P slice. */
const MB_TYPES = { vertical: 1, horizontal: 2, average: 3, written: 25, inP: 5 };
/** Table 8-5: intra_chroma_pred_mode of the same directions. */
const CHROMA_MODES = { average: 0, horizontal: 1, vertical: 2 };
/** What the first block of a slice is predicted as (section 8.3.3.3). */
const GREY: Colour = { y: 128, u: 128, v: 128 };
/** The number of coefficients that a written block counts as (section 9.2.1). */
const WRITTEN_COEFFICIENTS = 16;

type Direction = keyof typeof CHROMA_MODES;

/** An encoder of one stream. */
export class BlockEncoder {
  readonly columns: number;
  readonly rows: number;
  #before: BlockPicture | undefined;
  #frameNumber = 0;
  #keyFrames = 0;

  /** Nothing is encoded yet. */
  constructor({ columns, rows }: { readonly columns: number; readonly rows: number }) {
    this.columns = columns;
    this.rows = rows;
  }

  /** The units of the next picture. The first is a key frame, whatever is asked for. */
  encode(picture: BlockPicture, { isKeyFrame }: { readonly isKeyFrame: boolean }): Uint8Array[] {
    const before = isKeyFrame ? undefined : this.#before;
    this.#before = picture;
    this.#frameNumber = before === undefined ? 0 : (this.#frameNumber + 1) % 2 ** FRAME_NUMBER_BITS;
    const slice = this.#slice(picture, before);
    if (before !== undefined) return [unitOf(UNIT_TYPES.slice, slice)];
    this.#keyFrames++;
    return [
      unitOf(UNIT_TYPES.sequenceParameters, sequenceParameters(picture)),
      unitOf(UNIT_TYPES.pictureParameters, pictureParameters()),
      unitOf(UNIT_TYPES.keySlice, slice),
    ];
  }

  /** slice_header() and slice_data(), sections 7.3.3 and 7.3.4. */
  #slice(picture: BlockPicture, before: BlockPicture | undefined): Uint8Array {
    const writer = new BitWriter();
    writer.unsigned(0); // first_mb_in_slice
    writer.unsigned(before === undefined ? 7 : 5); // slice_type: all of the picture are I, or P.
    writer.unsigned(0); // pic_parameter_set_id
    writer.bits(this.#frameNumber, FRAME_NUMBER_BITS);
    if (before === undefined) writer.unsigned(this.#keyFrames % 2); // idr_pic_id
    else {
      writer.bit(0); // num_ref_idx_active_override_flag
      writer.bit(0); // ref_pic_list_modification_flag_l0
    }
    if (before === undefined) writer.bits(0, 2); // no_output_of_prior_pics, long_term_reference
    else writer.bit(0); // adaptive_ref_pic_marking_mode_flag
    writer.signed(0); // slice_qp_delta
    writer.unsigned(1); // disable_deblocking_filter_idc
    new SliceBlocks(writer, picture, before).write();
    writer.trail();
    return writer.written;
  }
}

/** The blocks of one slice. */
class SliceBlocks {
  readonly #writer: BitWriter;
  readonly #picture: BlockPicture;
  readonly #before: BlockPicture | undefined;
  /** Which blocks are written out: their neighbours are coded otherwise. */
  readonly #isWritten: boolean[] = [];
  #skipped = 0;

  constructor(writer: BitWriter, picture: BlockPicture, before: BlockPicture | undefined) {
    this.#writer = writer;
    this.#picture = picture;
    this.#before = before;
  }

  write(): void {
    const { columns, rows } = this.#picture;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) this.#block(column, row);
    }
    if (this.#skipped > 0) this.#writer.unsigned(this.#skipped);
  }

  #block(column: number, row: number): void {
    const writer = this.#writer;
    const colour = this.#picture.at(column, row)!; // Within the edges.
    const index = row * this.#picture.columns + column;
    if (isSameColour(this.#before?.at(column, row), colour)) {
      this.#skipped++;
      return;
    }
    const isInP = this.#before !== undefined;
    if (isInP) writer.unsigned(this.#skipped); // mb_skip_run
    this.#skipped = 0;
    const direction = this.#predictor(column, row, colour);
    const type = direction === undefined ? MB_TYPES.written : MB_TYPES[direction];
    writer.unsigned(type + (isInP ? MB_TYPES.inP : 0));
    if (direction === undefined) {
      this.#isWritten[index] = true;
      writer.align();
      writer.fill(colour.y, LUMA_BYTES);
      writer.fill(colour.u, CHROMA_BYTES);
      writer.fill(colour.v, CHROMA_BYTES);
      return;
    }
    writer.unsigned(CHROMA_MODES[direction]);
    writer.signed(0); // mb_qp_delta
    this.#noCoefficients(column, row);
  }

  /** From where a block can be predicted exactly. */
  #predictor(column: number, row: number, colour: Colour): Direction | undefined {
    const above = this.#picture.at(column, row - 1);
    const beside = this.#picture.at(column - 1, row);
    if (isSameColour(above, colour)) return "vertical";
    if (isSameColour(beside, colour)) return "horizontal";
    const isFirst = above === undefined && beside === undefined;
    return isFirst && isSameColour(colour, GREY) ? "average" : undefined;
  }

  /** coeff_token of none (table 9-5), as the neighbours have it coded. */
  #noCoefficients(column: number, row: number): void {
    const { columns } = this.#picture;
    const index = row * columns + column;
    const counts = [
      ...(column > 0 ? [index - 1] : []),
      ...(row > 0 ? [index - columns] : []),
    ].map((neighbour) => this.#isWritten[neighbour] ? WRITTEN_COEFFICIENTS : 0);
    const sum = counts.reduce<number>((total, count) => total + count, 0);
    const expected = counts.length === 2 ? (sum + 1) >> 1 : sum;
    if (expected === 0) this.#writer.bit(1);
    else this.#writer.bits(0b000011, 6); // 8 and more.
  }
}

/** seq_parameter_set_data(), section 7.3.2.1.1. */
function sequenceParameters({ columns, rows }: BlockPicture): Uint8Array {
  const writer = new BitWriter();
  writer.bits(PROFILE.profile, 8);
  writer.bits(PROFILE.constraints, 8);
  writer.bits(PROFILE.level, 8);
  writer.unsigned(0); // seq_parameter_set_id
  writer.unsigned(FRAME_NUMBER_BITS - 4); // log2_max_frame_num_minus4
  writer.unsigned(2); // pic_order_cnt_type: shown in the order in which they come.
  writer.unsigned(1); // max_num_ref_frames
  writer.bit(0); // gaps_in_frame_num_value_allowed_flag
  writer.unsigned(columns - 1);
  writer.unsigned(rows - 1);
  writer.bit(1); // frame_mbs_only_flag
  writer.bit(1); // direct_8x8_inference_flag
  writer.bit(0); // frame_cropping_flag
  writer.bit(0); // vui_parameters_present_flag
  writer.trail();
  return writer.written;
}

/** pic_parameter_set_rbsp(), section 7.3.2.2. */
function pictureParameters(): Uint8Array {
  const writer = new BitWriter();
  writer.unsigned(0); // pic_parameter_set_id
  writer.unsigned(0); // seq_parameter_set_id
  writer.bit(0); // entropy_coding_mode_flag: CAVLC
  writer.bit(0); // bottom_field_pic_order_in_frame_present_flag
  writer.unsigned(0); // num_slice_groups_minus1
  writer.unsigned(0); // num_ref_idx_l0_default_active_minus1
  writer.unsigned(0); // num_ref_idx_l1_default_active_minus1
  writer.bit(0); // weighted_pred_flag
  writer.bits(0, 2); // weighted_bipred_idc
  writer.signed(0); // pic_init_qp_minus26
  writer.signed(0); // pic_init_qs_minus26
  writer.signed(0); // chroma_qp_index_offset
  writer.bit(1); // deblocking_filter_control_present_flag
  writer.bit(0); // constrained_intra_pred_flag
  writer.bit(0); // redundant_pic_cnt_present_flag
  writer.trail();
  return writer.written;
}
