/** What each kind of fault makes of messages, and that the rest keeps its bytes. */
import assert from "node:assert/strict";
import type { Course, FaultRule } from "../../../cli/faults/fault_plan.ts";
import { encodeFrames, type Frame, FrameReader, Opcode } from "../../../cli/faults/frame.ts";
import { Judge } from "../../../cli/faults/judge.ts";
import { MessageFaults, type Shipment } from "../../../cli/faults/message_faults.ts";
import { MessageReader } from "../../../cli/faults/message_reader.ts";

const chat = (text: string) => JSON.stringify({ type: "chat", text });
const [one, two, three] = [chat("1"), chat("2"), chat("3")];
const joined = '{"type":"joined","userId":"ann"}';

const altered: readonly [name: string, rule: FaultRule, frames: string[], expected: string[][]][] =
  [
    ["nothing", { kind: "drop", type: "none" }, [one], [[one]]],
    ["a drop", { kind: "drop", every: 2 }, [one, two, three], [[one], [], [three]]],
    ["a drop in a packed frame", { kind: "drop", type: "chat" }, [`[${joined},${one}]`], [[
      joined,
    ]]],
    ["a drop of all", { kind: "drop" }, [`[${one},${two}]`], [[]]],
    ["a duplicate", { kind: "duplicate", every: 2 }, [one, two], [[one], [`[${two},${two}]`]]],
    ["a duplicate in a packed frame", { kind: "duplicate", every: 2 }, [`[${one},${two}]`], [[
      `[${one},${two},${two}]`,
    ]]],
    ["a reorder", { kind: "reorder", every: 3 }, [one, two, three, one], [[one], [two], [], [
      `[${one},${three}]`,
    ]]],
    ["a reorder in a packed frame", { kind: "reorder", every: 2 }, [`[${one},${two},${three}]`], [[
      `[${one},${three},${two}]`,
    ]]],
    ["text that is no JSON", { kind: "duplicate" }, ["hello"], [["hello", "hello"]]],
  ];

for (const [name, rule, texts, expected] of altered) {
  Deno.test(`MessageFaults makes of ${name} what it should`, () => {
    const faults = make([rule]);

    const shipped = texts.map((text) => textsOf(faults.take(parcel(text), 0)));

    assert.deepEqual(shipped, expected);
  });
}

Deno.test("MessageFaults sends a duplicate of a client in a frame of its own, masked", () => {
  const faults = make([{ kind: "duplicate" }], { direction: "to-server" });

  const { bytes } = faults.take(parcel(one, { isMasked: true }), 0);

  const frames = new FrameReader({ isMasked: true, maxPayloadBytes: 1_000 }).push(bytes);
  assert.deepEqual(frames.map(({ payload }) => new TextDecoder().decode(payload)), [one, one]);
});

Deno.test("MessageFaults keeps the very bytes of what no fault changes, fragments too", () => {
  const faults = make([{ kind: "latency", ms: 80 }, { kind: "drop", type: "none" }]);
  const frames = [
    frame('{ "type" :', { isFinal: false }),
    frame(' "chat" }', { opcode: Opcode.continuation }),
  ];

  const shipment = faults.take(read(frames), 0);

  assert.deepEqual(shipment.bytes, encodeFrames(frames));
  assert.equal(shipment.delayMs, 80);
});

Deno.test("MessageFaults adds up delays of rules, not of the messages in one frame", () => {
  const faults = make([{ kind: "latency", ms: 80 }, { kind: "latency", ms: 5, type: "chat" }]);

  assert.equal(faults.take(parcel(`[${one},${two},${joined}]`), 0).delayMs, 85);
  assert.equal(faults.take(parcel(joined), 0).delayMs, 80);
});

Deno.test("MessageFaults sends a message in as many frames as a rule says, with the same text", () => {
  for (const pieces of [2, 3, 7, 1_000]) {
    const text = chat("ü🙃 split anywhere");
    const { bytes } = make([{ kind: "fragment", pieces }]).take(parcel(text), 0);

    const frames = new FrameReader({ isMasked: false, maxPayloadBytes: 1_000 }).push(bytes);
    const length = new TextEncoder().encode(text).length;
    assert.equal(frames.length, Math.min(pieces, length));
    assert.deepEqual(frames.map(({ isFinal }) => isFinal).indexOf(true), frames.length - 1);
    assert.deepEqual(frames.map(({ opcode }) => opcode === Opcode.text).lastIndexOf(true), 0);
    assert.deepEqual(textsOf({ bytes }), [text]);
  }
});

Deno.test("MessageFaults cuts a frame in its middle and judges nothing after it", () => {
  const faults = make([{ kind: "cut", every: 2 }]);
  const packed = parcel(`[${one},${two},${three}]`);

  const { bytes, ending, decisions } = faults.take(packed, 0);

  assert.equal(ending, "cut");
  assert.ok(bytes.length > 0);
  assert.deepEqual(
    new FrameReader({ isMasked: false, maxPayloadBytes: 1_000 }).push(bytes),
    [],
    "no whole frame",
  );
  assert.deepEqual(decisions.map(({ index }) => index), [2]);
});

for (const kind of ["half-open", "stop-reading"] as const) {
  Deno.test(`MessageFaults passes on what came before a ${kind}, and nothing from there on`, () => {
    const shipment = make([{ kind, every: 2 }]).take(parcel(`[${one},${two},${three}]`), 0);

    assert.equal(shipment.ending, kind);
    assert.deepEqual(textsOf(shipment), [one]);
  });
}

Deno.test("MessageFaults ends nothing when reading stops for a while", () => {
  const shipment = make([{ kind: "stop-reading", forMs: 300 }]).take(parcel(one), 0);

  assert.equal(shipment.ending, undefined);
  assert.equal(shipment.readPauseMs, 300);
  assert.equal(shipment.delayMs, 0);
  assert.deepEqual(textsOf(shipment), [one]);
});

Deno.test("MessageFaults skews a client's clock both ways", () => {
  const rule: FaultRule = { kind: "clock-skew", ms: 5_000 };
  const shift = (direction: Course, text: string) =>
    textsOf(make([rule], { direction }).take(parcel(text), 0));

  assert.deepEqual(shift("to-server", '{"type":"ping","at":1000}'), ['{"type":"ping","at":6000}']);
  assert.deepEqual(shift("to-client", '{"type":"pong","at":6000}'), ['{"type":"pong","at":1000}']);
});

Deno.test("MessageFaults gives up waiting for a message that overtakes", () => {
  const faults = make([{ kind: "reorder" }]);

  const first = faults.take(parcel(one), 0);
  const isHolding = faults.isHolding;

  assert.deepEqual(textsOf(first), []);
  assert.equal(isHolding, true);
  assert.deepEqual(textsOf({ bytes: faults.release() }), [one]);
  assert.equal(faults.isHolding, false);
  assert.equal(faults.release().length, 0);
});

Deno.test("MessageFaults learns who speaks from join and from joined", () => {
  const rule: FaultRule = { kind: "drop", user: "ann", type: "chat" };
  for (const greeting of ['{"type":"join","userId":"ann"}', joined]) {
    const faults = make([rule], { user: "somebody" });

    const before = textsOf(faults.take(parcel(one), 0));
    faults.take(parcel(greeting), 0);

    assert.deepEqual(before, [one]);
    assert.deepEqual(textsOf(faults.take(parcel(two), 0)), []);
  }
});

Deno.test("MessageFaults says how many bytes go one by one", () => {
  assert.equal(make([{ kind: "byte-wise" }]).take(parcel(one), 0).byteWise, 1_024);
  assert.equal(make([{ kind: "byte-wise", bytes: 5 }]).take(parcel(one), 0).byteWise, 5);
});

function make(
  faults: FaultRule[],
  { direction = "to-client", user = "ann" }: { direction?: Course; user?: string } = {},
): MessageFaults {
  const name = { key: "", connection: 1, user };
  const judge = new Judge({ faults }, { seed: 1, name, direction });
  return new MessageFaults(judge, { name, isPacked: direction === "to-client" });
}

type MessageParcel = Parameters<MessageFaults["take"]>[0];

function parcel(text: string, { isMasked = false } = {}): MessageParcel {
  return read([frame(text, isMasked ? { mask: Uint8Array.of(9, 8, 7, 6) } : {})]);
}

function read(frames: Frame[]): MessageParcel {
  const reader = new MessageReader({ maxBytes: 10_000, maxFrames: 10 });
  const last = frames.map((one) => reader.push(one)).at(-1);
  assert.ok(last?.kind === "message");
  return last;
}

function frame(text: string, shape: Partial<Frame> = {}): Frame {
  const payload = new TextEncoder().encode(text);
  return { isFinal: true, opcode: Opcode.text, mask: undefined, payload, ...shape };
}

/** The texts of a server's whole messages in what is shipped. */
function textsOf({ bytes }: Pick<Shipment, "bytes">): string[] {
  const messages = new MessageReader({ maxBytes: 10_000, maxFrames: 2_000 });
  const frames = new FrameReader({ isMasked: false, maxPayloadBytes: 10_000 }).push(bytes);
  return frames.flatMap((one) => {
    const found = messages.push(one);
    return found?.kind === "message" ? [new TextDecoder().decode(found.payload)] : [];
  });
}
