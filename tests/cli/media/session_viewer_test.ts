/** A viewer towards a server that a test plays: what it counts, asks for and tells. */
import assert from "node:assert/strict";
import { RunTime } from "../../../cli/media/run_time.ts";
import { DescriptionError } from "../../../cli/media/server_description.ts";
import { SessionViewer } from "../../../cli/media/session_viewer.ts";
import { CODECS } from "../../../src/media/rtp/codecs.ts";
import { buildRtpPacket } from "../../../src/media/rtp/packet_writing.ts";
import { readRtcp, type RtcpMessage, writeSenderReport } from "../../../src/media/rtp/rtcp.ts";
import { parseDescription } from "../../../src/media/sdp/description.ts";
import { answerViewer } from "../../../src/media/sdp/viewer_answer.ts";
import { createIceParameters } from "../../../src/media/sfu/credentials.ts";
import type { TransportEvents } from "../../../src/media/sfu/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const FINGERPRINT = { algorithm: "sha-256", value: Array(32).fill("AB").join(":") };
const SOUND = { mid: "0", ssrc: 10 };
const PICTURE = { mid: "1", ssrc: 20, rtxSsrc: 21 };
const { VP8, opus } = CODECS;
/** RFC 7741: a picture begins, as a key frame and as one that needs another. */
const KEY = Uint8Array.of(0x10, 0, 1, 2, 3);
const DELTA = Uint8Array.of(0x10, 1, 1, 2, 3);

Deno.test("SessionViewer counts frames, key frames and bytes of each m-line", () => {
  const scene = new Scene();
  assert.deepEqual(scene.viewer.report("recent").lines, ["nothing has come"]);
  assert.equal(scene.viewer.hasCarried, false);

  scene.picture(1, { timestamp: 3_000, payload: KEY });
  scene.picture(2, { timestamp: 3_000, payload: DELTA.with(0, 0) });
  scene.clock.advance(100);
  scene.picture(3, { timestamp: 12_000 });
  scene.sound(1, { timestamp: 960 });
  scene.clock.advance(100);

  assert.deepEqual(
    scene.media().map(({ mid, codec, packets, frames, keyFrames, lost }) => [
      ...[mid, codec, packets, frames, keyFrames, lost],
    ]),
    [["0", "opus", 1, 1, 0, 0], ["1", "VP8", 3, 2, 1, 0]],
  );
  assert.equal(scene.viewer.hasCarried, true);
  const [, picture] = scene.media("whole");
  // Three packets of 17 bytes since the first came, 200 ms ago.
  assert.equal(picture?.kbps, Math.round(3 * 17 * 8 / 200));
  assert.match(
    scene.viewer.report("whole").lines[1]!,
    /^1 VP8 {2}\d+ kbit\/s {2}2 frames {2}1 key frames {2}lost 0 {2}jitter \d+\.\d ms$/,
  );
});

Deno.test("SessionViewer counts what is lost, and what came again as found", () => {
  const scene = new Scene();
  scene.picture(1, { payload: KEY });
  scene.picture(4);
  assert.equal(scene.media()[1]?.lost ?? scene.media()[0]?.lost, 2);

  scene.repair(2);
  scene.padding();

  const [picture] = scene.media();
  assert.deepEqual([picture?.lost, picture?.packets], [1, 3]);
});

Deno.test("SessionViewer asks for what is missing, and for a key frame until there is one", () => {
  const scene = new Scene();
  scene.picture(1);
  scene.picture(3);

  scene.clock.advance(50); // It may only be late.
  scene.tick();
  assert.deepEqual(scene.asked(), ["nack 20 2", "picture-loss 20", "receiver-report 20"]);
  scene.clock.advance(1_000);
  scene.tick();
  assert.ok(scene.asked().includes("picture-loss 20"));
  scene.picture(4, { payload: KEY });
  scene.clock.advance(1_000);
  scene.tick();

  assert.ok(!scene.asked().includes("picture-loss 20"));
});

Deno.test("SessionViewer answers the server's reports with the time that it had them", () => {
  const scene = new Scene();
  scene.picture(1, { payload: KEY });
  scene.hear(writeSenderReport({
    ...{ ssrc: PICTURE.ssrc, ntpHigh: 0x1234, ntpLow: 0x5678_0000, rtpTimestamp: 1 },
    ...{ packetCount: 1, octetCount: 5, reports: [] },
  }));
  scene.clock.advance(500);

  scene.tick();

  const [report] = scene.told.filter(({ type }) => type === "receiver-report");
  assert.ok(report?.type === "receiver-report");
  assert.deepEqual(
    report.reports.map(({ ssrc, lastSenderReport, delaySinceLastSenderReport: delay }) => [
      ...[ssrc, lastSenderReport, Math.round(delay / 65.536)],
    ]),
    [[PICTURE.ssrc, 0x1234_5678, 500]],
  );
});

Deno.test("SessionViewer ignores what is no packet, and what is of no m-line", () => {
  const scene = new Scene();

  scene.hear(new Uint8Array());
  scene.hear(Uint8Array.of(1, 2, 3));
  scene.hear(rtp({ ssrc: 99, payloadType: VP8.payloadType, sequenceNumber: 1, payload: KEY }));
  // A type that stands for no codec is counted, but no frame of anything.
  scene.hear(rtp({ ssrc: SOUND.ssrc, payloadType: 77, sequenceNumber: 1, payload: KEY }));

  assert.deepEqual(scene.media().map(({ codec, frames, packets }) => [codec, frames, packets]), [
    [null, 0, 1],
  ]);
});

Deno.test("SessionViewer takes four sounds and pictures, and begins with good descriptions alone", () => {
  const scene = new Scene({ isConnected: false });
  const kinds = parseDescription(scene.viewer.offer).media.map(({ kind, direction }) =>
    `${kind} ${direction}`
  );
  const { viewer } = scene;

  assert.deepEqual(kinds, Array(4).fill(["audio recvonly", "video recvonly"]).flat());
  assert.throws(() => viewer.begin("v=0\r\n"), DescriptionError);
  assert.equal(viewer.isOpen, false);
  viewer.tick();
  viewer.close();
});

Deno.test("SessionViewer.close ends the connection, and nothing is sent after it", () => {
  const scene = new Scene();
  scene.picture(1);
  assert.equal(scene.viewer.isOpen, true);

  scene.viewer.close();
  scene.viewer.close();
  scene.tick();

  assert.deepEqual([scene.viewer.isOpen, scene.told], [false, []]);
});

type Media = {
  readonly mid: string;
  readonly codec: string | null;
  readonly [count: string]: unknown;
};
type Sent = { readonly timestamp?: number; readonly payload?: Uint8Array };

/** A viewer, and the test as its server. */
class Scene {
  readonly clock = new FakeClock();
  readonly told: RtcpMessage[] = [];
  readonly viewer: SessionViewer;
  readonly #time = new RunTime(this.clock);
  #events: TransportEvents | undefined;

  constructor({ isConnected = true }: { isConnected?: boolean } = {}) {
    this.viewer = new SessionViewer({
      time: this.#time,
      engine: {
        fingerprint: FINGERPRINT,
        connect: (_, events) => {
          this.#events = events;
          const transport = {
            ...{ isOpen: true, bufferedAmount: 0, sendMessage: () => false },
            send: (bytes: Uint8Array) => this.told.push(...readRtcp(bytes)) > 0,
            close() {
              transport.isOpen = false;
            },
          };
          return transport;
        },
        close() {},
      },
    });
    if (isConnected) this.viewer.begin(answerTo(this.viewer.offer));
  }

  tick(): void {
    this.told.splice(0);
    this.#time.look();
    this.viewer.tick();
  }

  /** What it asked for in the last tick: kind, SSRC and numbers. */
  asked(): string[] {
    return this.told.map((one) => {
      switch (one.type) {
        case "nack":
          return `nack ${one.mediaSsrc} ${one.sequenceNumbers}`;
        case "picture-loss":
          return `picture-loss ${one.mediaSsrc}`;
        case "receiver-report":
          return `receiver-report ${one.reports.map(({ ssrc }) => ssrc)}`;
        default:
          return one.type;
      }
    }).filter((one) => !one.startsWith("bitrate"));
  }

  media(span: "recent" | "whole" = "recent"): Media[] {
    return (this.viewer.report(span).json as { media: Media[] }).media;
  }

  picture(
    sequenceNumber: number,
    { timestamp = sequenceNumber * 3_000, payload = DELTA }: Sent = {},
  ) {
    const { payloadType } = VP8;
    this.hear(rtp({ ssrc: PICTURE.ssrc, payloadType, sequenceNumber, timestamp, payload }));
  }

  /** RFC 4588: the number that it had comes before the payload. */
  repair(number: number) {
    const payload = Uint8Array.of(number >> 8, number & 0xff, ...DELTA);
    const what = { payloadType: VP8.rtxPayloadType, sequenceNumber: 7, timestamp: number * 3_000 };
    this.hear(rtp({ ssrc: PICTURE.rtxSsrc, ...what, payload }));
  }

  /** What the server probes with. */
  padding() {
    const what = { payloadType: VP8.rtxPayloadType, sequenceNumber: 8, payload: Uint8Array.of() };
    this.hear(rtp({ ssrc: PICTURE.rtxSsrc, ...what, paddingBytes: 200 }));
  }

  sound(sequenceNumber: number, { timestamp = 0 }: Sent = {}) {
    const { payloadType } = opus;
    const payload = Uint8Array.of(1);
    this.hear(rtp({ ssrc: SOUND.ssrc, payloadType, sequenceNumber, timestamp, payload }));
  }

  hear(bytes: Uint8Array): void {
    this.#events!.packet(bytes);
  }
}

function rtp(
  options: Omit<Parameters<typeof buildRtpPacket>[0], "timestamp"> & { timestamp?: number },
): Uint8Array {
  return buildRtpPacket({ timestamp: 0, ...options });
}

function answerTo(sdp: string): string {
  const candidates = [{ address: "127.0.0.1", port: 9, priority: 1 }];
  const local = { ice: createIceParameters(), fingerprint: FINGERPRINT, candidates };
  const sections = [SOUND, PICTURE].map((one) => ({
    ...one,
    ...{ streamId: "s", trackId: `t${one.mid}`, cname: "c" },
  }));
  return answerViewer({ offer: parseDescription(sdp), local, version: 1, sections }).sdp;
}
