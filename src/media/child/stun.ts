/**
 * As much of STUN (RFC 8489) as it takes to read an ICE check, to tell whether it is signed with a
 * password, and to sign it anew. Pure.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

const HEADER_LENGTH = 20;
const ATTRIBUTE_HEADER_LENGTH = 4;
const BINDING_REQUEST = 0x0001;
const MAGIC_COOKIE = 0x2112a442;
const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const INTEGRITY_LENGTH = 20;
const FINGERPRINT = 0x8028;
const FINGERPRINT_LENGTH = 4;
/** RFC 8489, section 14.7. */
const FINGERPRINT_MASK = 0x5354554e;
/** ICE-CONTROLLED and ICE-CONTROLLING (RFC 8445, section 7.1.3). */
const ROLES = new Set([0x8029, 0x802a]);
/** RFC 8489, section 14.3: 509 bytes of a user name. */
const MAX_USERNAME_LENGTH = 509;

/** An ICE check, and where in its bytes things are. */
export type IceCheck = {
  /** Ours and theirs, with a colon between (RFC 8445, section 7.2.2). */
  readonly username: string;
  /** The eight bytes of the tie-breaker. */
  readonly tieBreakerAt: number;
  /** The attribute of the signature; what is before it is signed. */
  readonly integrityAt: number;
};

/** Reads an ICE check; `undefined` for everything else, whatever it is. */
export function readIceCheck(bytes: Uint8Array): IceCheck | undefined {
  if (bytes.length < HEADER_LENGTH) return undefined;
  const view = viewOf(bytes);
  if (view.getUint16(0) !== BINDING_REQUEST || view.getUint32(4) !== MAGIC_COOKIE) return undefined;
  const end = HEADER_LENGTH + view.getUint16(2);
  if (end !== bytes.length || end % 4 !== 0) return undefined;
  let username: string | undefined;
  let tieBreakerAt: number | undefined;
  for (let at = HEADER_LENGTH; at + ATTRIBUTE_HEADER_LENGTH <= end;) {
    const type = view.getUint16(at);
    const length = view.getUint16(at + 2);
    const value = at + ATTRIBUTE_HEADER_LENGTH;
    if (value + length > end) return undefined;
    if (type === MESSAGE_INTEGRITY) {
      if (length !== INTEGRITY_LENGTH || username === undefined || tieBreakerAt === undefined) {
        return undefined;
      }
      return { username, tieBreakerAt, integrityAt: at };
    }
    if (type === USERNAME && length <= MAX_USERNAME_LENGTH) {
      username = String.fromCharCode(...bytes.subarray(value, value + length));
    }
    if (ROLES.has(type) && length === 8) tieBreakerAt = value;
    at = value + Math.ceil(length / 4) * 4;
  }
  return undefined;
}

/** Whether a check is signed with this password. */
export function isSigned(bytes: Uint8Array, integrityAt: number, password: string): boolean {
  const value = integrityAt + ATTRIBUTE_HEADER_LENGTH;
  const shown = bytes.subarray(value, value + INTEGRITY_LENGTH);
  return timingSafeEqual(shown, signatureOf(bytes.subarray(0, integrityAt), password));
}

/** The check anew: what stands before its signature, signed with this password. */
export function signed(bytes: Uint8Array, integrityAt: number, password: string): Uint8Array {
  const fingerprintAt = integrityAt + ATTRIBUTE_HEADER_LENGTH + INTEGRITY_LENGTH;
  const result = new Uint8Array(fingerprintAt + ATTRIBUTE_HEADER_LENGTH + FINGERPRINT_LENGTH);
  result.set(bytes.subarray(0, integrityAt));
  const view = viewOf(result);
  view.setUint16(integrityAt, MESSAGE_INTEGRITY);
  view.setUint16(integrityAt + 2, INTEGRITY_LENGTH);
  const signature = signatureOf(result.subarray(0, integrityAt), password);
  result.set(signature, integrityAt + ATTRIBUTE_HEADER_LENGTH);
  view.setUint16(2, result.length - HEADER_LENGTH);
  view.setUint16(fingerprintAt, FINGERPRINT);
  view.setUint16(fingerprintAt + 2, FINGERPRINT_LENGTH);
  const checksum = crc32(result.subarray(0, fingerprintAt));
  view.setUint32(fingerprintAt + ATTRIBUTE_HEADER_LENGTH, (checksum ^ FINGERPRINT_MASK) >>> 0);
  return result;
}

/** RFC 8489, section 14.5: the length in the header counts the signature, and nothing behind it. */
function signatureOf(before: Uint8Array, password: string): Uint8Array {
  const counted = before.slice();
  const behind = ATTRIBUTE_HEADER_LENGTH + INTEGRITY_LENGTH;
  viewOf(counted).setUint16(2, before.length - HEADER_LENGTH + behind);
  return createHmac("sha1", password).update(counted).digest();
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
