/**
 * Messages of STUN and TURN (RFC 8489, RFC 8656), from bytes and to bytes. The TURN server reads and
 * writes them, and so does whoever checks one from outside; pure.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

/** Bytes of the header of a message. */
export const HEADER_LENGTH = 20;
const MAGIC_COOKIE = 0x2112a442;
const INTEGRITY_LENGTH = 20;
const FINGERPRINT_LENGTH = 4;
/** RFC 8489, section 14.7. */
const FINGERPRINT_MASK = 0x5354554e;

/** What a message is about (RFC 8489, section 18.2; RFC 8656, section 17). */
export const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
} as const;

/** What is in it (RFC 8489, section 18.3; RFC 8656, section 18). */
export const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  requestedTransport: 0x0019,
  xorMappedAddress: 0x0020,
  fingerprint: 0x8028,
} as const;

/** The two bits of the class (RFC 8489, section 5). */
const KINDS = ["request", "indication", "success", "error"] as const;
/** Of what kind a message is. */
export type MessageKind = typeof KINDS[number];

/** A message as it came. */
export type StunMessage = {
  readonly kind: MessageKind;
  readonly method: number;
  /** Repeated in the answer. */
  readonly transactionId: Uint8Array;
  /** The first of each type; those behind the signature count for nothing. */
  readonly attributes: ReadonlyMap<number, Uint8Array>;
  /** Where the attribute of its signature is; undefined: it has none. */
  readonly integrityAt: number | undefined;
  readonly bytes: Uint8Array;
};

/** A message to be written; `key` signs it. */
export type MessageParts = {
  readonly kind: MessageKind;
  readonly method: number;
  readonly transactionId: Uint8Array;
  readonly attributes: readonly (readonly [type: number, value: Uint8Array])[];
  readonly key?: Uint8Array | undefined;
};

/** Reads a message that fills `bytes`; `undefined` for everything else, whatever it is. */
export function readMessage(bytes: Uint8Array): StunMessage | undefined {
  if (bytes.length < HEADER_LENGTH || bytes.length % 4 !== 0) return undefined;
  const view = viewOf(bytes);
  const type = view.getUint16(0);
  if (type > 0x3fff || view.getUint32(4) !== MAGIC_COOKIE) return undefined;
  if (HEADER_LENGTH + view.getUint16(2) !== bytes.length) return undefined;
  const attributes = new Map<number, Uint8Array>();
  let integrityAt: number | undefined;
  for (let at = HEADER_LENGTH; at < bytes.length;) {
    const attribute = view.getUint16(at);
    const length = view.getUint16(at + 2);
    const value = at + 4;
    if (value + length > bytes.length) return undefined;
    if (integrityAt === undefined) {
      if (attribute === ATTRIBUTE.messageIntegrity) {
        if (length !== INTEGRITY_LENGTH) return undefined;
        integrityAt = at;
      } else if (!attributes.has(attribute)) {
        attributes.set(attribute, bytes.subarray(value, value + length));
      }
    }
    at = value + padded(length);
  }
  const transactionId = bytes.subarray(8, HEADER_LENGTH);
  return { ...unpackType(type), transactionId, attributes, integrityAt, bytes };
}

/** Writes a message, with a fingerprint, and with a signature where there is a key. */
export function writeMessage(parts: MessageParts): Uint8Array<ArrayBuffer> {
  const { kind, method, transactionId, attributes, key } = parts;
  const body = attributes.reduce((sum, [, value]) => sum + 4 + padded(value.length), 0);
  const signature = key === undefined ? 0 : 4 + INTEGRITY_LENGTH;
  const length = HEADER_LENGTH + body + signature + 4 + FINGERPRINT_LENGTH;
  const bytes = new Uint8Array(length);
  const view = viewOf(bytes);
  view.setUint16(0, packType(kind, method));
  view.setUint32(4, MAGIC_COOKIE);
  bytes.set(transactionId, 8);
  let at = HEADER_LENGTH;
  const append = (type: number, value: Uint8Array) => {
    view.setUint16(at, type);
    view.setUint16(at + 2, value.length);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  };
  for (const [type, value] of attributes) append(type, value);
  if (key !== undefined) {
    append(ATTRIBUTE.messageIntegrity, signatureOf(bytes.subarray(0, at), key));
  }
  view.setUint16(2, length - HEADER_LENGTH);
  const checksum = crc32(bytes.subarray(0, at));
  append(ATTRIBUTE.fingerprint, uint32((checksum ^ FINGERPRINT_MASK) >>> 0));
  return bytes;
}

/** Whether a message is signed with this key. */
export function isSignedWith({ bytes, integrityAt }: StunMessage, key: Uint8Array): boolean {
  if (integrityAt === undefined) return false;
  const shown = bytes.subarray(integrityAt + 4, integrityAt + 4 + INTEGRITY_LENGTH);
  return timingSafeEqual(shown, signatureOf(bytes.subarray(0, integrityAt), key));
}

/** The key of long-term credentials (RFC 8489, section 9.2.2). */
export function longTermKey(username: string, realm: string, password: string): Uint8Array {
  return createHash("md5").update(`${username}:${realm}:${password}`).digest();
}

/** The value of a number's attribute. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  return bytes;
}

/** The value of ERROR-CODE (RFC 8489, section 14.8). */
export function errorCode(code: number, reason: string): Uint8Array {
  const text = new TextEncoder().encode(reason);
  const bytes = new Uint8Array(4 + text.length);
  bytes.set([0, 0, Math.floor(code / 100), code % 100]);
  bytes.set(text, 4);
  return bytes;
}

/** RFC 8489, section 14.5: the length in the header counts the signature, and nothing behind it. */
function signatureOf(before: Uint8Array, key: Uint8Array): Uint8Array {
  const head = before.slice(0, HEADER_LENGTH);
  viewOf(head).setUint16(2, before.length - HEADER_LENGTH + 4 + INTEGRITY_LENGTH);
  return createHmac("sha1", key).update(head).update(before.subarray(HEADER_LENGTH)).digest();
}

/** RFC 8489, section 5: the bits of the class stand among those of the method. */
function unpackType(type: number): Pick<StunMessage, "kind" | "method"> {
  const kind = KINDS[((type >> 7) & 2) | ((type >> 4) & 1)]!; // Two bits, four kinds.
  return { kind, method: (type & 0xf) | ((type >> 1) & 0x70) | ((type >> 2) & 0xf80) };
}

function packType(kind: MessageKind, method: number): number {
  const bits = KINDS.indexOf(kind);
  return (method & 0xf) | ((method & 0x70) << 1) | ((method & 0xf80) << 2) |
    ((bits & 2) << 7) | ((bits & 1) << 4);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
