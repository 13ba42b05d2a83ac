/** Files towards a server that a test plays: what is repeated, and where a key frame comes from. */
import assert from "node:assert/strict";
import { FilePublisher } from "../../../cli/media/file_publisher.ts";
import type { MediaFile } from "../../../cli/media/media_file.ts";
import { RunTime } from "../../../cli/media/run_time.ts";
import { DescriptionError } from "../../../cli/media/server_description.ts";
import { middleOfNtp } from "../../../src/media/rtp/ntp.ts";
import { isRtcp, RtpPacket } from "../../../src/media/rtp/packet.ts";
import {
  readRtcp,
  writeNack,
  writePictureLoss,
  writeReceiverReport,
} from "../../../src/media/rtp/rtcp.ts";
import { parseDescription } from "../../../src/media/sdp/description.ts";
import { answerPublisher } from "../../../src/media/sdp/publisher_answer.ts";
import { createIceParameters } from "../../../src/media/sfu/credentials.ts";
import type { TransportEvents } from "../../../src/media/sfu/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const FINGERPRINT = { algorithm: "sha-256", value: Array(32).fill("AB").join(":") };
const PICTURE: MediaFile = {
  codec: "VP8",
  durationMs: 1_000,
  frames: Array.from({ length: 10 }, (_, index) => {
    const isKeyFrame = index % 5 === 0;
    return { bytes: Uint8Array.of(isKeyFrame ? 0 : 1, index), atMs: index * 100, isKeyFrame };
  }),
};

Deno.test("FilePublisher sends a packet again in the repair stream when it is asked for", () => {
  const scene = new Scene();
  scene.play(150);
  const [, second] = scene.packets;

  scene.hear(writeNack(1, second!.ssrc, [second!.sequenceNumber, second!.sequenceNumber + 9]));

  const repeated = scene.packets.at(-1)!;
  assert.equal(scene.packets.length, 3);
  assert.deepEqual([repeated.payloadType, repeated.timestamp], [97, second!.timestamp]);
  assert.notEqual(repeated.ssrc, second!.ssrc);
  const payload = repeated.bytes.subarray(repeated.payloadStart, repeated.payloadEnd);
  assert.equal(payload[0]! << 8 | payload[1]!, second!.sequenceNumber);
  assert.deepEqual([payload.at(-1), scene.publisher.nacks], [1, 2]);
});

Deno.test("FilePublisher goes on with the next key frame when one is wanted", () => {
  const scene = new Scene();
  scene.play(150);
  const [first] = scene.packets;

  scene.hear(writePictureLoss(1, first!.ssrc));
  scene.play(10);

  const last = scene.packets.at(-1)!;
  assert.equal(last.bytes.at(-1), 5, "the picture that it jumps to");
  assert.equal(last.timestamp - first!.timestamp >>> 0, 150 * 90);
  assert.equal(scene.publisher.plis, 1);
});

Deno.test("FilePublisher measures the round trip by the server's reports", () => {
  const scene = new Scene();
  scene.play(100);
  const report = scene.reports[0]!;
  assert.ok(report.type === "sender-report");

  scene.clock.advance(60);
  scene.hear(writeReceiverReport(1, [{
    ...{ ssrc: report.ssrc, fractionLost: 0, packetsLost: 0, highestSequenceNumber: 1, jitter: 0 },
    lastSenderReport: middleOfNtp(report.ntpHigh, report.ntpLow),
    delaySinceLastSenderReport: 0,
  }]));

  assert.match(scene.publisher.report("recent").lines[0]!, / round trip (159|160)\.\d ms$/);
});

Deno.test("FilePublisher is over a moment after the last picture, and not before it connects", () => {
  const scene = new Scene();
  assert.equal(scene.publisher.hasCarried, false);

  scene.play(1_000);
  assert.equal(scene.publisher.isOver, false);
  scene.play(250);

  assert.equal(scene.publisher.isOver, true);
  assert.equal(scene.packets.length, 10);
  scene.publisher.close();
  assert.equal(scene.publisher.isOpen, false);
  scene.publisher.close();
  scene.play(100);
  assert.equal(scene.packets.length, 10);
});

Deno.test("FilePublisher refuses an answer that does not take its picture", () => {
  const { publisher } = new Scene({ isConnected: false });
  const answer = answerTo(publisher.offer).replaceAll("a=recvonly", "a=inactive");

  assert.throws(() => publisher.begin(answer), /^DescriptionError: it does not receive VP8$/);
  assert.throws(() => publisher.begin("v=0"), DescriptionError);
});

/** A publisher of a second of pictures, and the test as its server. */
class Scene {
  readonly clock = new FakeClock();
  readonly packets: RtpPacket[] = [];
  readonly reports: ReturnType<typeof readRtcp> = [];
  readonly publisher: FilePublisher;
  #events: TransportEvents | undefined;

  constructor({ isConnected = true }: { isConnected?: boolean } = {}) {
    this.publisher = new FilePublisher({
      ...{ files: [PICTURE], isLooping: false, time: new RunTime(this.clock) },
      engine: {
        fingerprint: FINGERPRINT,
        connect: (_, events) => {
          this.#events = events;
          const transport = {
            ...{ isOpen: true, bufferedAmount: 0, sendMessage: () => false },
            send: (bytes: Uint8Array) => this.#take(bytes),
            close() {
              transport.isOpen = false;
            },
          };
          return transport;
        },
        close() {},
      },
    });
    if (isConnected) this.publisher.begin(answerTo(this.publisher.offer));
  }

  /** Lets so many milliseconds pass. */
  play(ms: number): void {
    this.publisher.tick();
    for (let passed = 0; passed < ms; passed += 5) {
      this.clock.advance(5);
      this.publisher.tick();
    }
  }

  hear(bytes: Uint8Array): void {
    this.#events!.packet(bytes);
  }

  #take(bytes: Uint8Array): boolean {
    if (isRtcp(bytes)) this.reports.push(...readRtcp(bytes));
    else {
      const packet = new RtpPacket();
      assert.ok(packet.read(bytes));
      this.packets.push(packet);
    }
    return true;
  }
}

function answerTo(sdp: string): string {
  const candidates = [{ address: "127.0.0.1", port: 9, priority: 1 }];
  const local = { ice: createIceParameters(), fingerprint: FINGERPRINT, candidates };
  return answerPublisher({ offer: parseDescription(sdp), local, version: 1 }).sdp;
}
