/** A room whose media go through the server, with a server of words alone. */
import assert from "node:assert/strict";
import type { PeerEngine } from "../../../../cli/media/engine.ts";
import { SentCounts } from "../../../../cli/media/mesh/media_channel.ts";
import {
  peerAnswer,
  peerOffer,
  readPeerDescription,
} from "../../../../cli/media/mesh/peer_description.ts";
import { type Asked, SfuRoom } from "../../../../cli/media/room/sfu_room.ts";
import { RunTime } from "../../../../cli/media/run_time.ts";
import type { SourceFrame } from "../../../../cli/media/sources/frame_source.ts";
import type { ServerMessage } from "../../../../src/protocol/mod.ts";
import type { Transport, TransportEvents } from "../../../../src/media/sfu/transport.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

const FINGERPRINT = { algorithm: "sha-256", value: Array(32).fill("AB").join(":") };
const SERVER = {
  ice: { usernameFragment: "server", password: "s".repeat(24) },
  fingerprint: FINGERPRINT,
};
const CANDIDATE = "a=candidate:1 1 udp 2130706431 192.0.2.7 50000 typ host\r\n";
const FRAME: SourceFrame = {
  ...{ codec: "VP8", bytes: Uint8Array.of(0x10, 2, 0, 0x9d, 1, 0x2a, 64, 0, 64, 0) },
  ...{ isKeyFrame: true, dueAt: 0 },
};

Deno.test("[PB1] SfuRoom publishes what it sends, and sends it as the server agreed", async () => {
  const scene = new Scene();
  await scene.room.publish();
  await scene.room.publish();
  scene.open();
  scene.room.sendFrame("camera", FRAME);

  assert.deepEqual(scene.asked.map(({ type }) => type), ["publish"]);
  assert.deepEqual(scene.asked[0]!.tracks, [
    ...[{ mid: "0", source: "microphone" }, { mid: "1", source: "camera" }],
  ]);
  assert.equal(scene.sent.length, 1);
  assert.equal(scene.room.isPublishing, true);
});

Deno.test("[PB6] SfuRoom sends no picture that nobody wants, and a key frame when somebody does again", async () => {
  const scene = new Scene();
  await scene.room.publish();
  scene.open();
  scene.hear({ type: "wanted-layers", trackId: "t1", maxHeight: 0 });
  scene.room.sendFrame("camera", FRAME);
  assert.equal(scene.sent.length, 0);

  scene.hear({ type: "wanted-layers", trackId: "t1", maxHeight: 360 });
  scene.room.sendFrame("camera", FRAME);

  assert.deepEqual([scene.sent.length, scene.wishes], [1, 1]);
});

Deno.test("[SB1, SB2] SfuRoom answers what is offered, and knows whose each m-line is", async () => {
  const scene = new Scene();
  scene.offer([{ mid: "1", trackId: "a", userId: "ann", source: "camera" }]);
  await Promise.resolve();
  assert.deepEqual(scene.asked.map(({ type, connection }) => [type, connection]), [
    ["subscription-answer", 1],
  ]);
  const [before] = scene.room.tracks;
  assert.deepEqual([before?.userId, before?.source, before?.way], ["ann", "camera", undefined]);
  scene.open();
  assert.equal(scene.room.tracks[0]!.way, "sfu");

  scene.hear({
    ...{ type: "subscription-updated", connection: 1 },
    tracks: [{ mid: "1", trackId: "b", userId: "bob", source: "camera" }],
  });

  const [after] = scene.room.tracks;
  assert.equal(after?.userId, "bob");
  assert.notEqual(after?.track, before?.track, "counts begin anew");
  scene.hear({ type: "subscription-updated", connection: 7, tracks: [] });
  assert.equal(scene.room.tracks.length, 1, "of another connection");
});

Deno.test("[SB5] SfuRoom publishes anew when its connection is lost, later and later", async () => {
  const scene = new Scene();
  await scene.room.publish();
  scene.hear({ type: "media-lost", channel: "publisher" });
  scene.clock.advance(1_000);
  await scene.settle();
  assert.equal(scene.asked.length, 2);
  scene.transports.at(-1)!.events.closed("failed");
  scene.clock.advance(1_000);
  await scene.settle();
  assert.equal(scene.asked.length, 2);

  scene.clock.advance(1_000);
  await scene.settle();

  assert.equal(scene.asked.length, 3);
});

Deno.test("[SB4] SfuRoom asks for another connection when the one to receive over fails", async () => {
  const scene = new Scene();
  scene.offer([]);
  scene.transports[0]!.events.closed("failed");
  scene.clock.advance(1_000);
  await scene.settle();

  assert.deepEqual(scene.asked.map(({ type }) => type), [
    ...["subscription-answer", "restart-subscription"],
  ]);
});

Deno.test("SfuRoom tells what it cannot use, and does nothing once it is closed", async () => {
  const scene = new Scene();
  scene.hear({
    ...{ type: "subscription-offer", connection: 1, tracks: [] },
    description: { type: "offer", sdp: "nonsense" },
  });
  assert.equal(scene.faults.length, 1);
  scene.room.close();
  scene.room.close();
  await scene.room.publish();
  scene.offer([]);

  assert.deepEqual(scene.asked, []);
  assert.deepEqual(scene.room.tracks, []);
});

class Scene {
  readonly clock = new FakeClock();
  readonly asked: Asked[] = [];
  readonly faults: string[] = [];
  readonly sent: Uint8Array[] = [];
  readonly transports: { events: TransportEvents; isOpen: boolean }[] = [];
  wishes = 0;
  readonly room: SfuRoom;

  constructor() {
    const engine: PeerEngine = {
      fingerprint: FINGERPRINT,
      connect: (_options, events) => this.#transport(events),
      connectPeer: () => assert.fail("it links to nobody"),
      close() {},
    };
    this.room = new SfuRoom({
      ...{ engine, time: new RunTime(this.clock), cname: "me", counts: new SentCounts() },
      sources: new Map([["microphone", "opus"], ["camera", "VP8"]]),
      wantKeyFrame: () => this.wishes++,
      ask: (message) => Promise.resolve(this.#answer(message)),
      faulted: (what) => this.faults.push(what),
    });
  }

  open(): void {
    for (const transport of this.transports) {
      transport.isOpen = true;
      transport.events.opened();
    }
  }

  hear(message: object): void {
    this.room.receive(message as unknown as ServerMessage); // As a server would tell it.
  }

  offer(tracks: readonly object[]): void {
    const sent = new Map([["camera", { codec: "VP8", ssrc: 5, rtxSsrc: 6 }]] as const);
    const sdp = peerOffer(SERVER, { sent, cname: "server" }) + CANDIDATE;
    this.hear({
      ...{ type: "subscription-offer", connection: 1, tracks },
      description: { type: "offer", sdp },
    });
  }

  async settle(): Promise<void> {
    for (let n = 0; n < 10; n++) await Promise.resolve();
  }

  #answer(message: Asked): ServerMessage | undefined {
    this.asked.push(message);
    if (message.type !== "publish") return undefined;
    const { description, tracks } = message as unknown as {
      description: { sdp: string };
      tracks: { mid: string }[];
    }; // The room has made it.
    const offer = readPeerDescription(description.sdp);
    const sdp = peerAnswer(SERVER, { offer, sent: new Map(), cname: "server", version: 1 }) +
      CANDIDATE;
    return {
      type: "published",
      description: { type: "answer", sdp },
      tracks: tracks.map(({ mid }) => ({ mid, trackId: `t${mid}` })),
    } as unknown as ServerMessage; // As a server would answer.
  }

  #transport(events: TransportEvents): Transport {
    const state = { events, isOpen: false };
    this.transports.push(state);
    return {
      get isOpen() {
        return state.isOpen;
      },
      bufferedAmount: 0,
      send: (packet) => {
        if (state.isOpen) this.sent.push(packet);
        return state.isOpen;
      },
      sendMessage: () => false,
      close: () => {
        state.isOpen = false;
      },
    };
  }
}
