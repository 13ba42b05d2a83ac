/** Fragments into messages, with control frames between them, and what is no message. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Frame, Opcode } from "../../../cli/faults/frame.ts";
import { MessageReader, type Parcel } from "../../../cli/faults/message_reader.ts";

const BOUNDS = { maxBytes: 1_000, maxFrames: 5 };

Deno.test("MessageReader joins fragments and lets control frames pass between them", () => {
  const [first, ping, middle, last] = [
    frame("He", { isFinal: false }),
    frame("?", { opcode: Opcode.ping }),
    frame("ll", { isFinal: false, opcode: Opcode.continuation }),
    frame("o", { opcode: Opcode.continuation }),
  ];
  const messages = new MessageReader(BOUNDS);

  const parcels = [first, ping, middle, last].map((one) => messages.push(one!));

  assert.deepEqual(parcels, [
    undefined,
    { kind: "control", frame: ping },
    undefined,
    { kind: "message", frames: [first, middle, last], payload: bytes("Hello") },
  ]);
  assert.deepEqual(messages.rest, []);
});

const wrong: readonly [name: string, frames: Frame[], problem: RegExp][] = [
  [
    "a continuation of nothing",
    [frame("x", { opcode: Opcode.continuation })],
    /continues nothing/,
  ],
  ["a text inside a text", [frame("x", { isFinal: false }), frame("y")], /middle of another/],
  ["a long message", [frame("x".repeat(1_001))], /longer than 1000 bytes/],
  [
    "many fragments",
    [
      frame("x", { isFinal: false }),
      ...Array(5).fill(frame("y", { isFinal: false, opcode: Opcode.continuation })),
    ],
    /more than 5 frames/,
  ],
];

for (const [name, frames, problem] of wrong) {
  Deno.test(`MessageReader stops at ${name}, and keeps the frames from there on`, () => {
    const messages = new MessageReader(BOUNDS);

    const parcels = [...frames, frame("later")].map((one) => messages.push(one));

    assert.match(messages.problem ?? "no problem", problem);
    assert.ok(parcels.every((parcel) => parcel === undefined));
    assert.deepEqual(messages.rest, [...frames, frame("later")]);
  });
}

Deno.test("MessageReader gives back every frame it was given, in its order", () => {
  const part = fc.record({ isFinal: fc.boolean(), text: fc.string({ maxLength: 9 }) });
  fc.assert(fc.property(fc.array(part), (parts) => {
    const messages = new MessageReader({ maxBytes: 1_000, maxFrames: 1_000 });
    let isOpen = false;
    const frames = parts.map(({ isFinal, text }) => {
      const opcode = isOpen ? Opcode.continuation : Opcode.text;
      isOpen = !isFinal;
      return frame(text, { isFinal, opcode });
    });

    const parcels = frames.map((one) => messages.push(one));

    const given = [...parcels.flatMap(framesOf), ...messages.rest];
    if (messages.problem === undefined) assert.deepEqual(given, frames);
    else assert.match(messages.problem, /longer than/);
  }));
});

function framesOf(parcel: Parcel | undefined): readonly Frame[] {
  if (parcel === undefined) return [];
  return parcel.kind === "message" ? parcel.frames : [parcel.frame];
}

function frame(text: string, shape: Partial<Frame> = {}): Frame {
  return { isFinal: true, opcode: Opcode.text, mask: undefined, payload: bytes(text), ...shape };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
