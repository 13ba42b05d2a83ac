/**
 * The check of ME7: messages that are too large to be read, and frames that RFC 6455 does not allow.
 */
import { OVERSIZE_FACTOR } from "../../../src/protocol/mod.ts";
import { slowCheck } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { readMessage } from "../frames.ts";
import type { RawSocket } from "../raw_socket.ts";
import type { Scene } from "../scene.ts";
import { NotApplicable } from "../verdict.ts";
import { greeted } from "./transport.ts";

const MAX_FRAGMENTS = 1_024;
/** Single bytes that are written one by one; some share a packet, so more than the bound. */
const DRIPS = 40_000;
const RSV1 = 0x40;
/** What a frame header says of a message of a gigabyte. */
const HUGE_BYTES = 2 ** 30;

/** ME7. */
export const brokenFrameChecks = [
  slowCheck("ME7", {
    title: "what is too large or no frame of RFC 6455 ends the connection with its code",
    does:
      "sends four times the longest message, the header of a gigabyte, 1,025 fragments, broken " +
      "UTF-8, compressed, unmasked and reserved frames, and a frame byte by byte",
  }, async (scene) => {
    if (scene.place.listener === "deno") {
      throw new NotApplicable("Deno.serve drops such a client without a word");
    }
    const { maxMessageBytes } = (await scene.connect("ann")).welcome.limits;
    await answersFourTimes(scene, maxMessageBytes);
    const byte = new Uint8Array([0x61]);
    const attacks: [what: string, code: number, send: (raw: RawSocket) => Promise<void>][] = [
      ["the header of a gigabyte", 1009, (raw) => raw.write(header(HUGE_BYTES))],
      [
        "a message one byte longer than four times the longest",
        1009,
        (raw) => raw.write(header(OVERSIZE_FACTOR * maxMessageBytes + 1)),
      ],
      [`${MAX_FRAGMENTS + 1} fragments`, 1008, async (raw) => {
        for (let n = 0; n <= MAX_FRAGMENTS; n++) {
          await raw.writeFrame(byte, { opcode: n === 0 ? 1 : 0, isFinal: false });
        }
      }],
      [
        "text that is not UTF-8",
        1007,
        (raw) => raw.writeFrame(new Uint8Array([0x7b, 0xc0, 0xaf, 0x7d])),
      ],
      ["a compressed frame", 1002, (raw) => raw.writeFrame(byte, { reserved: RSV1 })],
      ["a frame without a mask", 1002, (raw) => raw.writeFrame(byte, { isMasked: false })],
      ["a reserved opcode", 1002, (raw) => raw.writeFrame(byte, { opcode: 3 })],
      ["a continuation of nothing", 1002, (raw) => raw.writeFrame(byte, { opcode: 0 })],
    ];
    await Promise.all(attacks.map(([what, code, send]) => ends(scene, { what, code, send })));
    if (!scene.isSlow) return scene.note("a frame in more than 4,096 pieces: see --slow");
    await ends(scene, {
      what: "a frame byte by byte",
      code: 1008,
      send: async (raw) => {
        await raw.write(header(Math.min(DRIPS, maxMessageBytes)));
        for (let n = 0; n < DRIPS; n++) await raw.write(byte);
      },
    });
  }),
];

/** A message that is read to its end, but too long, is answered as in ME3. */
async function answersFourTimes(scene: Scene, maxMessageBytes: number): Promise<void> {
  const raw = await greeted(scene, await scene.raw());
  const length = OVERSIZE_FACTOR * maxMessageBytes;
  await raw.writeFrame(new Uint8Array(length).fill(0x61));
  const error = await scene.inTime(readMessage(raw, "error"), "an error");
  same(`the answer to ${length} bytes`, error.code, "message-too-large");
  await raw.say({ type: "ping", at: 1 });
  same("the next answer", (await scene.inTime(readMessage(raw, "pong"), "pong")).at, 1);
  raw.drop();
}

/** Demands that the server ends the connection with `code`. */
async function ends(
  scene: Scene,
  { what, code, send }: { what: string; code: number; send: (raw: RawSocket) => Promise<void> },
): Promise<void> {
  const raw = await greeted(scene, await scene.raw());
  // The server stops to read whom it ends, so a write may fail: the close frame says what counts.
  const sending = send(raw).catch(() => {});
  const close = await scene.inTime(raw.readClose(), `the end after ${what}`);
  raw.drop();
  await sending;
  if (close === undefined && scene.place.listener === undefined) {
    throw new NotApplicable(
      `the server drops who sends ${what} without a word, as Deno.serve does; ` +
        "--listener ws demands the close code",
    );
  }
  demand(close?.code === code, `the close code ${code} for ${what}`, close ?? "no close frame");
}

/** The header of a masked text frame of `length` bytes. */
function header(length: number): Uint8Array {
  const bytes = new Uint8Array([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
  new DataView(bytes.buffer).setBigUint64(2, BigInt(length));
  return bytes;
}
