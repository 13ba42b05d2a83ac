/** Picture ids in payload headers (RFC 7741, section 4.2; RFC 9628, section 4.2): 7 or 15 bits. Pure. */

/** Longest picture ids. */
const LONG_PICTURE_ID = 0x7fff;
const SHORT_PICTURE_ID = 0x7f;

/** `value` in the bits that there are. */
export function pictureIdOf(value: number, isLong: boolean): number {
  return value & (isLong ? LONG_PICTURE_ID : SHORT_PICTURE_ID);
}

/** Writes one at its place. */
export function writePictureId(
  bytes: Uint8Array,
  at: number,
  isLong: boolean,
  pictureId: number,
): void {
  if (!isLong) {
    bytes[at] = pictureId;
    return;
  }
  bytes[at] = 0x80 | (pictureId >> 8);
  bytes[at + 1] = pictureId;
}
