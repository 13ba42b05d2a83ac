/**
 * Addresses of live rooms: `/live` is where one goes live or types a code, `/live/<six digits>` is the
 * viewers' link. What people type for a code is read kindly here too. Pure.
 */
import type { RoomId } from "../../../src/protocol/mod.ts";
import { parseRoomId } from "../ids.ts";

/** Where a broadcast begins and a code is typed. */
export const LIVE_PATH = "/live";
/** How long a code is. */
export const CODE_LENGTH = 6;

/** Digits of other scripts come from keyboards and clipboards of people who write in those. */
const FULL_WIDTH_ZERO = 0xff10;

/** What an address of a live room asks for. */
export type LiveAddress =
  /** The broadcaster's own page, or that of somebody who has a code to type. */
  | { readonly kind: "door" }
  | { readonly kind: "room"; readonly roomId: RoomId };

/** What a path (without a slash at its end) asks for; undefined where it is none of a live room. */
export function liveAddressOf(path: string): LiveAddress | undefined {
  if (path === LIVE_PATH) return { kind: "door" };
  const code = /^\/live\/(\d{6})$/.exec(path)?.[1];
  const roomId = code === undefined ? undefined : parseRoomId(code);
  return roomId === undefined ? undefined : { kind: "room", roomId };
}

/** The path of the viewers' link. */
export function livePath(roomId: string): string {
  return `${LIVE_PATH}/${roomId}`;
}

/**
 * The digits of a code in what was typed or pasted: spaces, dashes and words are passed over, a whole
 * link gives the code at its end, and no more than six digits are taken.
 */
export function codeDigitsIn(text: string): string {
  const link = /\/live\/(\d{6})(?!\d)/.exec(text)?.[1];
  if (link !== undefined) return link;
  const digits = [...text].map((sign) => {
    const fullWidth = sign.codePointAt(0)! - FULL_WIDTH_ZERO;
    return fullWidth >= 0 && fullWidth <= 9 ? `${fullWidth}` : sign;
  });
  return digits.filter((sign) => /[0-9]/.test(sign)).join("").slice(0, CODE_LENGTH);
}

/** A code as people read it out: `482 913`. */
export function spacedCode(roomId: string): string {
  return /^\d{6}$/.test(roomId) ? `${roomId.slice(0, 3)} ${roomId.slice(3)}` : roomId;
}
