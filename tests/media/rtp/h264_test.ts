/** Where H.264 key frames begin (RFC 6184). */
import assert from "node:assert/strict";
import { isH264KeyFrameStart, readH264PictureSize } from "../../../src/media/rtp/h264.ts";
import { hex, packetWith } from "./hex.ts";

/** 640x360. */
const SPS = "6742c01f8c8d405017fcb37010d01078442350";
const PPS = "68ce3c80";
const IDR = "6588804000";

Deno.test("isH264KeyFrameStart knows parameter sets and IDR pictures in each form", () => {
  const table: Record<string, readonly [string, boolean]> = {
    "a parameter set": [SPS, true],
    "an IDR slice": [IDR, true],
    "an IDR slice that is not the first of its picture": ["6540804000", false],
    "a slice of another picture": ["4188804000", false],
    "picture parameters alone": [PPS, false],
    "supplemental information": ["0605ffff", false],
    "a STAP-A with a parameter set": [`78 0013 ${SPS} 0004 ${PPS}`, true],
    "a STAP-A with an IDR slice at its end": [`78 0004 ${PPS} 0005 ${IDR}`, true],
    "a STAP-A without either": [`78 0004 ${PPS} 0004 0605ffff`, false],
    "the first fragment of an IDR slice": ["7c 85 88804000", true],
    "a later fragment of it": ["7c 05 88804000", false],
    "the last fragment of it": ["7c 45 88804000", false],
    "the first fragment of a later slice": ["7c 85 40804000", false],
    "the first fragment of a parameter set": ["7c 87 42c01f8c", true],
    "the first fragment of another picture": ["7c 81 88804000", false],
    "a form that we do not read": ["79 0000 0013 67 42", false],
  };

  for (const [what, [digits, expected]] of Object.entries(table)) {
    assert.equal(isH264KeyFrameStart(packetWith(hex(digits))), expected, what);
  }
});

Deno.test("isH264KeyFrameStart takes nothing for a key frame that is cut", () => {
  const table = [
    "",
    "67",
    "65",
    "78",
    "78 00",
    "78 0001 67",
    "78 0014 67",
    "78 0000 6742",
    "7c",
    "7c 85",
  ];

  for (const digits of table) {
    assert.equal(isH264KeyFrameStart(packetWith(hex(digits))), false, digits);
  }
});

Deno.test("isH264KeyFrameStart does not look beyond the payload", () => {
  const packet = packetWith(hex(`78 0004 ${PPS} 0005 ${IDR}`));
  packet.payloadEnd -= 1;

  assert.equal(isH264KeyFrameStart(packet), false);
});

Deno.test("readH264PictureSize reads the size in each form", () => {
  const size = { width: 640, height: 360 };

  for (const digits of [SPS, `78 0004 ${PPS} 0013 ${SPS}`, `7c 87 ${SPS.slice(2)}`]) {
    assert.deepEqual(readH264PictureSize(packetWith(hex(digits))), size, digits);
  }
});

Deno.test("readH264PictureSize says nothing without a whole parameter set", () => {
  const cutWithin = `78 0006 ${SPS.slice(0, 12)} 0004 ${PPS}`;

  for (const digits of [IDR, PPS, "7c 85 88804000", cutWithin, "67"]) {
    assert.equal(readH264PictureSize(packetWith(hex(digits))), undefined, digits);
  }
});
