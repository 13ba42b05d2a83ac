/** Numbers in network byte order. */
import assert from "node:assert/strict";
import {
  byteAt,
  uint16At,
  uint24At,
  uint32At,
  writeUint16,
  writeUint24,
  writeUint32,
} from "../../../src/media/rtp/bytes.ts";
import { hex } from "./hex.ts";

Deno.test("numbers are read with the highest byte first and without a sign", () => {
  const bytes = hex("00 ff fe fd fc");

  assert.equal(byteAt(bytes, 1), 0xff);
  assert.equal(uint16At(bytes, 1), 0xfffe);
  assert.equal(uint24At(bytes, 1), 0xfffefd);
  assert.equal(uint32At(bytes, 1), 0xfffefdfc);
});

Deno.test("bytes before the beginning and beyond the end read as 0", () => {
  const bytes = hex("ff ff");

  assert.equal(byteAt(bytes, -1), 0);
  assert.equal(byteAt(bytes, 2), 0);
  assert.equal(uint32At(bytes, 1), 0xff000000);
});

Deno.test("numbers are written with the highest byte first, and their low bits alone", () => {
  const bytes = new Uint8Array(9);

  writeUint16(bytes, 0, 0x1fffe);
  writeUint24(bytes, 2, 0x1fedcba);
  writeUint32(bytes, 5, -2);

  assert.deepEqual(bytes, hex("fffe fedcba fffffffe"));
});
