/** The test pattern as packets of RTP, for tests of who receives it. */
import { packetize } from "../../cli/media/packetize.ts";
import { PatternSource } from "../../cli/media/sources/pattern_source.ts";
import { OutgoingStream } from "../../cli/media/outgoing_stream.ts";
import { RtpPacket } from "../../src/media/rtp/packet.ts";

/** Payload types that are used here. */
export const TYPES = { picture: 108, repair: 109, sound: 111 } as const;
export const SSRC = 77;
export const RTX_SSRC = 78;

/** A pattern that is sent. */
export class PatternPackets {
  readonly source: PatternSource = new PatternSource({
    ...{ hasPicture: true, hasSound: false, epochOf: (at: number) => at },
  });
  readonly stream: OutgoingStream = new OutgoingStream({
    ...{ ssrc: SSRC, payloadType: TYPES.picture, rtxSsrc: RTX_SSRC, rtxPayloadType: TYPES.repair },
    ...{ cname: "ann", extensions: [] },
  });
  #frames = 0;

  /** The packets of the pictures that are due at `at`, in milliseconds. */
  at(at: number): Uint8Array[] {
    return this.source.due(at).flatMap((frame) => {
      const payloads = packetize("H264", { ...frame, atMs: 0 }, this.#frames++);
      const timestamp = Math.round(frame.dueAt * 90) >>> 0;
      return payloads.map((payload, index) =>
        this.stream.next({ payload, timestamp, marker: index === payloads.length - 1 })
      );
    });
  }
}

/** A packet, read. */
export function readPacket(bytes: Uint8Array): RtpPacket {
  const packet = new RtpPacket();
  if (!packet.read(bytes)) throw new TypeError("It is no packet");
  return packet;
}
