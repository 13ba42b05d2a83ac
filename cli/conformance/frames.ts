/**
 * Messages in the frames of a raw socket, for the checks that need one.
 */
import { MAX_PACKED_LENGTH, unpackFrame } from "../../src/protocol/mod.ts";
import { shown } from "./expectation.ts";
import { Opcode, type RawSocket } from "./raw_socket.ts";
import { Finding } from "./verdict.ts";

/** Rule CO6 says "about": one message may stand beside those that fill a frame. */
export const MAX_FRAME_LENGTH: number = MAX_PACKED_LENGTH + 1_024;

/** A message, not checked. */
export type LooseMessage = Readonly<Record<string, unknown>>;

/** The messages of the next text frame; pings and pongs are passed over. */
export async function readMessages(raw: RawSocket): Promise<LooseMessage[]> {
  for (;;) {
    const frame = await raw.readFrame();
    if (frame === undefined) throw new Finding("a message", "the end of the connection");
    if (frame.opcode === Opcode.ping || frame.opcode === Opcode.pong) continue;
    const text = new TextDecoder().decode(frame.payload);
    if (frame.opcode !== Opcode.text) {
      throw new Finding("a text frame", `opcode ${frame.opcode} ${shown(text)}`);
    }
    return unpackFrame(text) as LooseMessage[]; // Whoever asks looks at the fields.
  }
}

/** Reads until a message of `type` comes, and returns it. */
export async function readMessage(raw: RawSocket, type: string): Promise<LooseMessage> {
  for (;;) {
    const found = (await readMessages(raw)).find((message) => message.type === type);
    if (found !== undefined) return found;
  }
}
