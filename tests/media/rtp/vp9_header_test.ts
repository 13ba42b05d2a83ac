/** Sizes of VP9 pictures, from headers as libvpx writes them and by hand. */
import assert from "node:assert/strict";
import { readVp9PictureSize } from "../../../src/media/rtp/vp9_header.ts";
import { bits, hex } from "./hex.ts";

Deno.test("readVp9PictureSize reads key frames of each profile", () => {
  const table = [
    ["profile 0", "82498342004ff02cf60638241c184a18", 1280, 720],
    ["profile 0, odd size", "824983420013d00b160638241c184a00", 318, 178],
    ["profile 1", "a24983420004fe02cec0c70483830942", 640, 360],
    ["profile 2", "924983420013f80b3b031c120e0c2c08", 640, 360],
  ] as const;

  for (const [what, digits, width, height] of table) {
    assert.deepEqual(readVp9PictureSize(hex(digits), 0, 16), { width, height }, what);
  }
});

Deno.test("readVp9PictureSize reads what hand-made headers say", () => {
  const size = "0000001001111111 0000000101100111";
  const sync = "01001001 10000011 01000010";
  const key = (profile: string, colour: string) =>
    `10 ${profile} 0 0 1 0 ${sync} ${colour} ${size}`;
  const table = {
    "RGB of profile 1": key("10", "111 0"),
    "RGB of profile 3": key("11 0", "0 111 0"),
    "4:4:4 of profile 3": key("11 0", "1 010 0 000"),
    // Not shown, intra only: profile 0 has no colours.
    "intra only": `10 00 0 1 0 0 1 00 ${sync} 11111111 ${size}`,
    "intra only of profile 1": `10 10 0 1 0 0 1 00 ${sync} 010 0 000 11111111 ${size}`,
    "intra only, error resilient": `10 00 0 1 0 1 1 ${sync} 11111111 ${size}`,
    // A spatial layer that is larger than all that it needs states its size.
    "inter layer": `10 00 0 1 1 0 00 11111111 0000 0010 0100 0 0 0 ${size}`,
    "inter layer, error resilient": `10 00 0 1 1 1 11111111 0000 0010 0100 0 0 0 ${size}`,
  };

  for (const [what, digits] of Object.entries(table)) {
    const bytes = bits(digits);
    assert.deepEqual(readVp9PictureSize(bytes, 0, bytes.length), { width: 640, height: 360 }, what);
  }
});

Deno.test("readVp9PictureSize says nothing where the header does not", () => {
  const table = {
    "another marker": "42498342004ff02cf606",
    "another sync code": "82498343004ff02cf606",
    "a frame that is shown again": "88498342004ff02cf606",
    "a size that is cut": "82498342004ff02c",
    "nothing": "",
    // As libvpx writes it: the size is that of its first reference.
    "an ordinary frame": "860040929c4850018016c07ea2ee3811",
  };

  for (const [what, digits] of Object.entries(table)) {
    const bytes = hex(digits);
    assert.equal(readVp9PictureSize(bytes, 0, bytes.length), undefined, what);
  }
  const intraWithoutSync = bits("10 00 0 1 0 0 1 00 00000000 00000000 00000000 11111111");
  assert.equal(readVp9PictureSize(intraWithoutSync, 0, 99), undefined);
});
