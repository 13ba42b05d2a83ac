/** The media of a room: who publishes is offered to the others, and packets find their way. */
import assert from "node:assert/strict";
import type { PublishedMedia, RoomId, UserId } from "../../../src/protocol/mod.ts";
import { MediaError, type SubscriptionOffer } from "../../../src/media/port.ts";
import { buildRtpPacket, isRtcp, RtpPacket } from "../../../src/media/rtp/packet.ts";
import { readRtcp, writePictureLoss } from "../../../src/media/rtp/rtcp.ts";
import { SfuRoom } from "../../../src/media/sfu/room.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { answerTo, OFFERED, type OfferedMedia, offerOf } from "../support/descriptions.ts";
import { type MemoryTransport, MemoryTransports } from "../support/memory_transport.ts";

/** Behind the payload descriptor: a VP8 key frame of 640 x 360, or another. */
const KEY = new Uint8Array([0x10, 0, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 2, 0x68, 1]);
const DELTA = new Uint8Array([0x10, 1, 0, 0]);
const MICROPHONE: OfferedMedia = { mid: "0", kind: "audio", ssrc: 500 };
const CAMERA: OfferedMedia = { mid: "1", kind: "video", ssrc: 600, rtxSsrc: 601 };
const PERSON: PublishedMedia[] = [{ mid: "0", source: "microphone" }, {
  mid: "1",
  source: "camera",
}];

const id = (text: string) => text as UserId; // Good user ids all.

class RoomBench {
  readonly clock = new FakeClock();
  readonly transports = new MemoryTransports();
  readonly log: string[] = [];
  readonly offers = new Map<UserId, SubscriptionOffer>();
  readonly room: SfuRoom;

  constructor() {
    const { log } = this;
    this.room = new SfuRoom({
      roomId: "test" as RoomId, // A good room id.
      clock: this.clock,
      transports: this.transports,
      lastN: 16,
      events: {
        published: (userId, { trackId, source }) => log.push(`${userId}+${trackId} ${source}`),
        unpublished: (userId, { trackId }) => log.push(`${userId}-${trackId}`),
        subscriptionOffered: (userId, offer) => {
          this.offers.set(userId, offer);
          log.push(`offer ${userId} ${offer.connection} ${told(offer)}`);
        },
        subscriptionUpdated: (userId, update) => log.push(`update ${userId} ${told(update)}`),
        speakersChanged: (speakers) =>
          log.push(`speakers ${speakers.map(({ userId }) => userId).join(" ")}`),
        layersWanted: (userId, { trackId, maxHeight }) =>
          log.push(`wanted ${userId} ${trackId} ${maxHeight}`),
        connectionLost: (userId, channel) => log.push(`lost ${userId} ${channel}`),
        restarted: () => log.push("restarted"),
        recordingEnded: () => log.push("recording ended"),
      },
    });
  }

  join(...users: string[]): void {
    for (const user of users) this.room.addParticipant(id(user));
  }

  publish(user: string, media = [MICROPHONE, CAMERA], tracks = PERSON): MemoryTransport {
    this.room.publish(id(user), { sdp: offerOf(`pub${user}`, media), tracks });
    const transport = this.transports.to(`pub${user}`);
    if (!transport.isOpen) transport.open();
    return transport;
  }

  answer(user: string): MemoryTransport {
    const { connection, sdp } = this.offers.get(id(user))!;
    this.room.answer(id(user), { connection, sdp: answerTo(sdp, `sub${user}`) });
    const transport = this.transports.to(`sub${user}`);
    if (!transport.isOpen) transport.open();
    return transport;
  }

  taken(): string[] {
    return this.log.splice(0);
  }
}

function told({ tracks }: Omit<SubscriptionOffer, "sdp" | "connection">): string {
  return tracks.map(({ mid, userId, source }) => `${mid}=${userId}/${source}`).join(" ");
}

function picture(n: number, payload: Uint8Array = DELTA): Uint8Array {
  const fields = { ssrc: 600, payloadType: OFFERED.vp8, sequenceNumber: n, timestamp: n * 3_000 };
  return buildRtpPacket({ ...fields, payload });
}

function sound(n: number, level = 127): Uint8Array {
  return buildRtpPacket({
    ssrc: 500,
    payloadType: OFFERED.opus,
    sequenceNumber: n,
    timestamp: n * 960,
    payload: new Uint8Array([n]),
    extensions: [{
      id: OFFERED.extensions.audioLevel,
      bytes: new Uint8Array([level < 127 ? 0x80 | level : level]),
    }],
  });
}

function media({ sent }: MemoryTransport): RtpPacket[] {
  return sent.splice(0).filter((bytes) => !isRtcp(bytes)).map((bytes) => {
    const packet = new RtpPacket();
    assert.ok(packet.read(bytes));
    return packet;
  });
}

Deno.test("[PB1] SfuRoom answers a publisher, and offers what it publishes to the others", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");

  const answer = bench.room.publish(id("ann"), {
    sdp: offerOf("puba", [MICROPHONE, CAMERA]),
    tracks: PERSON,
  });

  assert.match(answer.sdp, /^v=0\r\n/);
  assert.match(answer.sdp, /a=recvonly/);
  assert.deepEqual(answer.tracks, [{ mid: "0", trackId: "1" }, { mid: "1", trackId: "2" }]);
  assert.deepEqual(bench.taken(), [
    "ann+1 microphone",
    "ann+2 camera",
    "offer bob 1 a0=ann/microphone v0=ann/camera",
  ]);
});

Deno.test("SfuRoom forwards sound and picture once the receiver has answered", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  const bob = bench.answer("bob");
  ann.receive(sound(1));
  ann.receive(picture(1, KEY));
  bench.clock.advance(50);
  assert.deepEqual(media(bob), []);

  const asked = ann.sent.flatMap(readRtcp).filter(({ type }) => type === "picture-loss");
  assert.equal(asked.length, 1);
  ann.receive(sound(2));
  ann.receive(picture(2));
  ann.receive(picture(3, KEY));
  ann.receive(picture(4));

  const [audio, first, second, ...more] = media(bob);
  assert.equal(audio!.payloadType, 111);
  assert.deepEqual([first!.payloadType, second!.payloadType], [96, 96]);
  assert.equal((second!.sequenceNumber - first!.sequenceNumber) & 0xffff, 1);
  assert.notEqual(first!.ssrc, 600);
  assert.deepEqual(more, []);
});

Deno.test("SfuRoom sends nobody its own media", () => {
  const bench = new RoomBench();
  bench.join("ann");
  const ann = bench.publish("ann");
  ann.receive(picture(1, KEY));
  bench.clock.advance(1_000);

  assert.equal(bench.offers.size, 0);
  assert.deepEqual(media(ann), []);
});

Deno.test("[SB1] SfuRoom has one offer outstanding, and offers what came meanwhile after its answer", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob", "cat");
  bench.publish("ann");
  bench.taken();
  bench.publish("cat");
  assert.deepEqual(bench.taken(), [
    "cat+3 microphone",
    "cat+4 camera",
    "offer ann 1 a0=cat/microphone v0=cat/camera",
  ]);

  bench.answer("bob");

  assert.deepEqual(bench.taken(), [
    "offer bob 1 a0=ann/microphone v0=ann/camera a1=cat/microphone v1=cat/camera",
  ]);
  bench.answer("bob");
  assert.deepEqual(bench.taken(), []);
});

Deno.test("[SB2] SfuRoom gives the m-lines of who left to who comes, without another offer", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  bench.publish("ann");
  bench.answer("bob");
  bench.taken();

  bench.room.removeParticipant(id("ann"));
  assert.deepEqual(bench.taken(), ["ann-1", "ann-2", "update bob "]);
  bench.join("cat");
  bench.publish("cat");

  assert.deepEqual(bench.taken(), [
    "cat+3 microphone",
    "cat+4 camera",
    "update bob a0=cat/microphone v0=cat/camera",
  ]);
});

Deno.test("SfuRoom goes on in one stream when an m-line is given to another participant", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob", "cat");
  const ann = bench.publish("ann");
  const bob = bench.answer("bob");
  bench.clock.advance(50);
  ann.receive(picture(1, KEY));
  bench.clock.advance(600);
  ann.receive(picture(2, KEY));
  const before = media(bob).at(-1)!;

  bench.room.removeParticipant(id("ann"));
  const cat = bench.publish("cat");
  bench.clock.advance(50);
  cat.receive(picture(30_000, KEY));
  bench.clock.advance(600);
  cat.receive(picture(30_001, KEY));

  const after = media(bob).at(-1)!;
  assert.equal(after.ssrc, before.ssrc);
  assert.equal((after.sequenceNumber - before.sequenceNumber) & 0xffff, 1);
});

Deno.test("SfuRoom passes the wish for a key frame on to the publisher", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  ann.receive(picture(1, KEY));
  const bob = bench.answer("bob");
  bench.clock.advance(50);
  ann.receive(picture(2, KEY));
  const [{ ssrc }] = media(bob) as [RtpPacket];
  ann.sent.splice(0);

  bob.receive(writePictureLoss(9, ssrc));
  bench.clock.advance(1_000);

  const asked = ann.sent.flatMap(readRtcp).filter((one) => one.type === "picture-loss");
  assert.deepEqual(asked.map(({ mediaSsrc }) => mediaSsrc), asked.map(() => 600));
  assert.ok(asked.length >= 1);
});

Deno.test("[SB3] SfuRoom does not send what is paused, and again when it is wanted", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  ann.receive(picture(1, KEY));
  const bob = bench.answer("bob");
  bench.clock.advance(50);
  ann.receive(picture(2, KEY));
  assert.equal(media(bob).length, 1);

  bench.room.subscribe(id("bob"), { trackId: "2", isPaused: true });
  bench.clock.advance(50);
  ann.receive(picture(3, KEY));
  assert.equal(media(bob).length, 0);
  bench.room.subscribe(id("bob"), { trackId: "2" });
  bench.clock.advance(50);
  ann.receive(picture(4, KEY));

  assert.equal(media(bob).length, 1);
  assert.throws(
    () => bench.room.subscribe(id("bob"), { trackId: "77" }),
    (error) => error instanceof MediaError && error.code === "no-such-track",
  );
});

Deno.test("[PB6] SfuRoom tells a publisher when nobody wants its picture, and at once when somebody does", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  ann.receive(picture(1, KEY));
  bench.answer("bob");
  bench.clock.advance(50);
  ann.receive(picture(2, KEY));
  bench.taken();

  bench.room.subscribe(id("bob"), { trackId: "2", isPaused: true });
  bench.clock.advance(1_500);
  assert.deepEqual(bench.taken(), []);
  bench.clock.advance(1_500);
  assert.deepEqual(bench.taken(), ["wanted ann 2 0"]);
  bench.room.subscribe(id("bob"), { trackId: "2", maxHeight: 360 });
  bench.clock.advance(400);

  assert.deepEqual(bench.taken(), ["wanted ann 2 360"]);
});

Deno.test("[SP1] SfuRoom tells who is heard", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  for (let n = 0; n < 100; n++) {
    ann.receive(sound(n, 20));
    bench.clock.advance(20);
  }
  assert.deepEqual(bench.taken().filter((line) => line.startsWith("speakers")), ["speakers ann"]);

  for (let n = 100; n < 300; n++) {
    ann.receive(sound(n, 127));
    bench.clock.advance(20);
  }

  assert.deepEqual(bench.taken().filter((line) => line.startsWith("speakers")), ["speakers "]);
});

Deno.test("[PB5] SfuRoom takes an offer with other credentials for another connection", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const before = bench.publish("ann");
  bench.taken();

  bench.room.publish(id("ann"), { sdp: offerOf("other", [MICROPHONE]), tracks: [PERSON[0]!] });

  assert.equal(before.isClosed, true);
  assert.deepEqual(bench.taken(), ["ann-1", "ann-2", "ann+3 microphone"]);
  bench.answer("bob");
  assert.deepEqual(bench.taken(), ["update bob a0=ann/microphone"]);
});

Deno.test("[PB2] SfuRoom refuses what it cannot carry, and nothing has changed", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  bench.taken();
  const refuse = (sdp: string, tracks = PERSON) =>
    assert.throws(
      () => bench.room.publish(id("ann"), { sdp, tracks }),
      (error) => error instanceof MediaError && error.code === "bad-description",
    );

  refuse("nonsense");
  refuse("");
  refuse(offerOf("x", [MICROPHONE]));
  refuse(offerOf("y", [{ ...MICROPHONE, ssrc: 600 }, CAMERA]));

  assert.equal(ann.isClosed, false);
  assert.deepEqual(bench.taken(), []);
  assert.equal(bench.transports.made.length, 1);
});

Deno.test("[SB5] SfuRoom tells of a publisher that is lost, and takes another", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  bench.answer("bob");
  bench.taken();

  ann.fail();

  assert.deepEqual(bench.taken(), ["ann-1", "ann-2", "lost ann publisher", "update bob "]);
  bench.room.publish(id("ann"), { sdp: offerOf("again", [MICROPHONE]), tracks: [PERSON[0]!] });
  assert.deepEqual(bench.taken(), ["ann+3 microphone", "update bob a0=ann/microphone"]);
});

Deno.test("[SB4, SB5] SfuRoom offers another connection for one that is lost, or when asked to", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  bench.publish("ann");
  const bob = bench.answer("bob");
  bench.taken();

  bob.fail();
  assert.deepEqual(bench.taken(), [
    "lost bob subscriber",
    "offer bob 2 a0=ann/microphone v0=ann/camera",
  ]);
  bench.room.restartSubscription(id("bob"));
  assert.deepEqual(bench.taken(), ["offer bob 3 a0=ann/microphone v0=ann/camera"]);
  const { sdp } = bench.offers.get(id("bob"))!;
  assert.throws(
    () => bench.room.answer(id("bob"), { connection: 2, sdp: answerTo(sdp, "subb") }),
    (error) => error instanceof MediaError && error.code === "bad-description",
  );
  bench.answer("bob");
  assert.deepEqual(bench.taken(), []);
});

Deno.test("SfuRoom leaves who answers nothing alone, until it asks again", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  bench.publish("ann");
  bench.clock.advance(16_000);
  bench.taken();

  bench.join("cat");
  bench.publish("cat");
  bench.clock.advance(16_000);
  assert.ok(!bench.taken().some((line) => line.startsWith("offer bob")));

  bench.room.restartSubscription(id("bob"));
  assert.deepEqual(bench.taken().filter((line) => line.startsWith("offer bob")), [
    "offer bob 2 a0=ann/microphone v0=ann/camera a1=cat/microphone v1=cat/camera",
  ]);
});

Deno.test("SfuRoom says what goes through", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  ann.receive(picture(1, KEY));
  bench.answer("bob");
  bench.clock.advance(50);
  ann.receive(picture(2, KEY));
  ann.receive(picture(4));

  const { publications, subscriptions } = bench.room.stats();

  const camera = publications.find(({ source }) => source === "camera")!;
  assert.equal(camera.codec, "VP8");
  assert.deepEqual(
    camera.layers.map(({ packets, lost, width, height }) => ({ packets, lost, width, height })),
    [{ packets: 3, lost: 1, width: 640, height: 360 }],
  );
  const seen = subscriptions.find(({ trackId }) => trackId === camera.trackId)!;
  assert.deepEqual([seen.userId, seen.packets, seen.isPaused], ["bob", 2, false]);
});

Deno.test("SfuRoom captures what one participant sends and gets, until nobody reads it any more", async () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  const capture = bench.room.capture(id("ann"), { maxBytes: 100_000, maxMs: 60_000 });
  const reader = capture.getReader();
  const { value: header } = await reader.read();
  assert.equal(header!.length, 24);

  ann.receive(picture(1, KEY));
  const { value: record } = await reader.read();
  assert.ok(record!.length > picture(1, KEY).length);
  await reader.cancel();
  ann.receive(picture(2));

  assert.deepEqual(await reader.read(), { value: undefined, done: true });
  assert.throws(
    () => bench.room.capture(id("zoe"), { maxBytes: 1, maxMs: 1 }),
    (error) => error instanceof MediaError && error.code === "no-such-participant",
  );
  bench.room.close();
});

Deno.test("SfuRoom ends a capture with the participant", async () => {
  const bench = new RoomBench();
  bench.join("ann");
  const capture = bench.room.capture(id("ann"), { maxBytes: 100_000, maxMs: 60_000 });

  bench.room.removeParticipant(id("ann"));

  assert.equal((await new Response(capture).bytes()).length, 24);
  assert.equal(bench.clock.pending, 0);
});

Deno.test("SfuRoom knows nobody who is not there", () => {
  const bench = new RoomBench();
  bench.join("ann");

  for (
    const attempt of [
      () => bench.room.publish(id("zoe"), { sdp: offerOf("z", [MICROPHONE]), tracks: [] }),
      () => bench.room.answer(id("zoe"), { connection: 1, sdp: "" }),
      () => bench.room.subscribe(id("zoe"), { trackId: "1" }),
      () => bench.room.view(id("zoe"), { sdp: "" }),
    ]
  ) {
    assert.throws(
      attempt,
      (error) => error instanceof MediaError && error.code === "no-such-participant",
    );
  }
  bench.room.removeParticipant(id("zoe"));
  bench.room.restartSubscription(id("zoe"));
});

Deno.test("SfuRoom that is closed has ended every connection, and does nothing any more", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob");
  const ann = bench.publish("ann");
  const bob = bench.answer("bob");
  bench.taken();

  bench.room.close();
  bench.room.close();
  bench.join("cat");
  ann.receive(picture(1, KEY));
  bench.clock.advance(1_000);

  assert.deepEqual([ann.isClosed, bob.isClosed], [true, true]);
  assert.deepEqual(bench.taken(), []);
  assert.equal(bench.clock.pending, 0);
});
