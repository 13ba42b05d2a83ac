/** Frames by the examples of RFC 6455, section 5.7, and by generated ones in pieces of any size. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  encodeFrame,
  encodeFrames,
  type Frame,
  FrameReader,
  Opcode,
} from "../../../cli/faults/frame.ts";

const MAX = 1_000_000;
const HELLO = new TextEncoder().encode("Hello");

const examples: readonly [name: string, bytes: number[], frame: Partial<Frame>][] = [
  ["an unmasked text", [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f], { payload: HELLO }],
  [
    "a masked text",
    [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58],
    { payload: HELLO, mask: Uint8Array.of(0x37, 0xfa, 0x21, 0x3d) },
  ],
  ["a first fragment", [0x01, 0x03, 0x48, 0x65, 0x6c], {
    isFinal: false,
    payload: HELLO.slice(0, 3),
  }],
  ["a last fragment", [0x80, 0x02, 0x6c, 0x6f], {
    opcode: Opcode.continuation,
    payload: HELLO.slice(3),
  }],
  ["a ping", [0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f], { opcode: Opcode.ping, payload: HELLO }],
  [
    "a masked pong",
    [0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58],
    { opcode: Opcode.pong, payload: HELLO, mask: Uint8Array.of(0x37, 0xfa, 0x21, 0x3d) },
  ],
  ["256 bytes of binary", [0x82, 0x7e, 0x01, 0x00, ...Array(256).fill(7)], {
    opcode: Opcode.binary,
    payload: new Uint8Array(256).fill(7),
  }],
  ["64 KiB of binary", [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0, ...Array(65_536).fill(7)], {
    opcode: Opcode.binary,
    payload: new Uint8Array(65_536).fill(7),
  }],
];

for (const [name, bytes, expected] of examples) {
  Deno.test(`a frame of ${name} is read, and written with the same bytes`, () => {
    const frame = { isFinal: true, opcode: Opcode.text, mask: undefined, ...expected };

    const read = reader(frame.mask !== undefined).push(Uint8Array.from(bytes));

    assert.deepEqual(read, [frame]);
    assert.deepEqual([...encodeFrame(read[0]!)], bytes);
  });
}

const bad: readonly [name: string, bytes: number[], isMasked: boolean, problem: RegExp][] = [
  ["a reserved bit", [0xc1, 0x00], false, /reserved bit/],
  ["opcode 3", [0x83, 0x00], false, /opcode 3 is reserved/],
  ["opcode 11", [0x8b, 0x00], false, /opcode 11 is reserved/],
  ["a client that does not mask", [0x81, 0x00], true, /client's frame is not masked/],
  ["a server that masks", [0x81, 0x80, 1, 2, 3, 4], false, /server's frame is masked/],
  ["a fragment of a ping", [0x09, 0x00], false, /control frame/],
  ["a ping of 126 bytes", [0x89, 0x7e, 0, 126], false, /control frame/],
  ["5 as a length of 16 bits", [0x81, 0x7e, 0, 5], false, /longer than it must be/],
  ["5 as a length of 64 bits", [0x81, 0x7f, 0, 0, 0, 0, 0, 0, 0, 5], false, /longer than it must/],
  ["a length of 2^63", [0x81, 0x7f, 0x80, 0, 0, 0, 0, 0, 0, 0], false, /longer than 1000000/],
  ["a length beyond the bound", [0x81, 0x7f, 0, 0, 0, 0, 1, 0, 0, 0], false, /longer than 1000000/],
];

for (const [name, bytes, isMasked, problem] of bad) {
  Deno.test(`FrameReader stops at ${name}, and keeps every byte from there on`, () => {
    const good = encodeFrame({
      isFinal: true,
      opcode: Opcode.text,
      mask: isMasked ? Uint8Array.of(1, 2, 3, 4) : undefined,
      payload: HELLO,
    });
    const frames = reader(isMasked);

    assert.equal(frames.push(Uint8Array.of(...good, ...bytes)).length, 1);
    assert.deepEqual(frames.push(good), []);

    assert.match(frames.problem ?? "no problem", problem);
    assert.deepEqual([...frames.rest], [...bytes, ...good]);
  });
}

Deno.test("FrameReader reads what encodeFrames wrote, cut anywhere, to the same bytes", () => {
  const bytes = (max: number) => fc.uint8Array({ maxLength: max });
  const frame = (isMasked: boolean): fc.Arbitrary<Frame> =>
    fc.record({
      isFinal: fc.boolean(),
      opcode: fc.constantFrom(...Object.values(Opcode)),
      mask: isMasked
        ? fc.uint8Array({ minLength: 4, maxLength: 4 })
        : fc.constant<Uint8Array | undefined>(undefined),
      payload: fc.oneof(bytes(130), fc.nat(70_000).map((length) => new Uint8Array(length).fill(9))),
    }, { noNullPrototype: true }).map((one) =>
      one.opcode < Opcode.close
        ? one
        : { ...one, isFinal: true, payload: one.payload.slice(0, 125) }
    );
  const cuts = fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 20 });
  const stream = fc.boolean().chain((isMasked) =>
    fc.tuple(fc.constant(isMasked), fc.array(frame(isMasked), { maxLength: 8 }), cuts)
  );

  fc.assert(fc.property(stream, ([isMasked, frames, pieces]) => {
    const wire = encodeFrames(frames);
    const incoming = reader(isMasked);
    const read: Frame[] = [];
    for (let at = 0, piece = 0; at < wire.length; piece++) {
      const length = pieces[piece % pieces.length]!;
      read.push(...incoming.push(wire.subarray(at, at + length)));
      at += length;
    }
    assert.deepEqual(read, frames);
    assert.deepEqual(encodeFrames(read), wire);
    assert.equal(incoming.problem, undefined);
    assert.equal(incoming.rest.length, 0);
  }));
});

Deno.test("FrameReader never throws and loses no byte, whatever comes", () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), fc.boolean(), (parts, is) => {
    const incoming = reader(is);
    const written = parts.flatMap((part) => [...encodeFrames(incoming.push(part))]);
    assert.deepEqual([...written, ...incoming.rest], parts.flatMap((part) => [...part]));
  }));
});

function reader(isMasked: boolean): FrameReader {
  return new FrameReader({ isMasked, maxPayloadBytes: MAX });
}
