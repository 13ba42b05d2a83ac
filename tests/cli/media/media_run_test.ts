/**
 * The media of a run against the SFU itself, without a network: everybody gets everybody, losses are
 * repeated, and what is broken on the way or in what is said is found.
 */
import assert from "node:assert/strict";
import { SOURCES } from "../../../cli/media/media_sender.ts";
import { isRtcp, RtpPacket } from "../../../src/media/rtp/packet.ts";
import type { ServerMessage } from "../../../src/protocol/mod.ts";
import { MediaRoomLab } from "../../support/media_room_lab.ts";

const FOUR = ["ann", "bob", "cat", "dan"] as const;

/** Changes each packet of media for which `is` says so. */
function changing(
  is: (packet: RtpPacket, n: number, connection: number) => boolean,
  change: (bytes: Uint8Array, packet: RtpPacket) => Uint8Array | undefined,
): (bytes: Uint8Array, connection: number) => Uint8Array | undefined {
  const packet = new RtpPacket();
  let n = 0;
  return (bytes, connection) => {
    if (isRtcp(bytes) || !packet.read(bytes)) return bytes;
    return is(packet, n++, connection) ? change(bytes, packet) : bytes;
  };
}

Deno.test("[SB1] MediaRun has everybody get everybody's sound and picture, and finds nothing wrong", async () => {
  const lab = new MediaRoomLab();
  await lab.gather(...FOUR);
  await lab.pass(2_000);
  lab.end();
  const { outcome } = lab.media;

  assert.deepEqual(lab.found, []);
  assert.equal(outcome.pairs.length, 12);
  assert.ok(outcome.pairs.every(({ verdict }) => verdict === "verified"));
  assert.deepEqual([outcome.lost, outcome.lostOnTheWay, outcome.repaired], [0, 0, 0]);
  assert.ok(outcome.received > 2.8 * outcome.sent, `${outcome.received} of ${outcome.sent}`);
  assert.equal(lab.run.tally.of("SB1"), outcome.received);
  assert.equal(lab.run.latencies.picture.count, 12);
  assert.equal(lab.run.latencies.packet.count, outcome.received);
  assert.ok(outcome.delays.every(({ p50, p99 }) => p50 >= 5 && p99 <= 50));
  assert.equal(lab.clock.pending, 0);
});

Deno.test("MediaRun has lost packets repeated on both sides of the server", async () => {
  const lab = new MediaRoomLab({ settings: { lossRatio: 0.05 } });
  await lab.gather(...FOUR);
  await lab.pass(5_000);
  lab.end();
  const { lostOnPurpose, repaired, repeated, lost, lostOnTheWay } = lab.media.outcome;

  assert.deepEqual(lab.found, []);
  assert.ok(lostOnPurpose > 40, `${lostOnPurpose} lost`);
  assert.ok(repaired > 20 && repeated > 5, `${repaired} repaired, ${repeated} repeated`);
  assert.deepEqual([lost, lostOnTheWay <= 2], [0, true], `${lostOnTheWay}`);
});

Deno.test("MediaUser publishes, unpublishes, pauses and restarts, and all is as it should be", async () => {
  const lab = new MediaRoomLab();
  const [ann, bob, cat] = await lab.gather(...FOUR);
  const camera = lab.media.publicationsFor(cat!).find(({ isVideo, userId }) =>
    isVideo && userId === "dan"
  )!;

  await Promise.all([
    ann!.publish(SOURCES.slice(0, 1)),
    bob!.restart(),
    cat!.pause(camera.trackId, true),
  ]);
  await lab.pass(2_000);
  assert.equal(cat!.watchOf(camera)?.isWanted, false);
  assert.equal(bob!.connection, 2);
  await Promise.all([ann!.publish(SOURCES), cat!.pause(camera.trackId, false)]);
  await lab.pass(3_000);

  assert.equal(cat!.watchOf(camera)?.isLive, true);
  for (const user of lab.media.users) {
    const lacking = lab.media.publicationsFor(user).filter((one) => !user.watchOf(one)?.isLive);
    assert.deepEqual(lacking.map(({ words }) => words), [], user.userId);
  }
  await Promise.all(lab.media.users.map((user) => user.publish([])));
  await lab.pass(2_000);
  lab.end();
  assert.deepEqual(lab.found, []);
});

Deno.test("MediaUser.ignore pauses pictures of some, told before or later, and takes them again", async () => {
  const lab = new MediaRoomLab();
  const ann = lab.join("ann");
  await ann.ignore(new Set(["bob"]));
  const others = ["bob", "cat", "dan"].map((userId) => lab.join(userId));
  lab.media.start();
  await Promise.all([ann, ...others].map((user) => user.publish(SOURCES)));
  await lab.pass(3_000);
  const pictures = () =>
    lab.media.publicationsFor(ann).filter((one) => one.isVideo && ann.watchOf(one)?.isLive)
      .map(({ userId }) => userId);
  assert.deepEqual(pictures(), ["cat", "dan"]);

  await ann.ignore(new Set(["cat"]));
  await lab.pass(2_000);

  assert.deepEqual(pictures(), ["bob", "dan"]);
  lab.end();
  assert.deepEqual(lab.found, []);
});

Deno.test("[PB6] MediaUser stops a picture that nobody wants", async () => {
  const lab = new MediaRoomLab();
  const [ann, bob] = await lab.gather("ann", "bob");
  const camera = lab.media.publicationsFor(bob!).find(({ isVideo }) => isVideo)!;

  await bob!.pause(camera.trackId, true);
  await lab.pass(3_000);
  const sent = camera.lastOrdinal;
  await lab.pass(1_000);
  assert.equal(camera.lastOrdinal, sent);
  await bob!.pause(camera.trackId, false);
  await lab.pass(2_000);

  assert.ok(camera.lastOrdinal > sent);
  assert.equal(bob!.watchOf(camera)?.isLive, true);
  assert.ok(ann!.sender.keyFrames >= 2);
  lab.end();
  assert.deepEqual(lab.found, []);
});

Deno.test("MediaRun finds that one packet of a hundred is lost, though pictures are repeated", async () => {
  const lab = new MediaRoomLab({ down: changing((_, n) => n % 100 === 7, () => undefined) });
  await lab.gather(...FOUR);
  await lab.pass(5_000);
  lab.end();

  assert.deepEqual([...new Set(lab.found)], ["SB1: packets on their way"]);
  assert.ok(lab.media.outcome.repaired > 5);
});

Deno.test("MediaRun takes as much loss as it is told to", async () => {
  const lab = new MediaRoomLab({
    settings: { maxLossRatio: 0.05 },
    down: changing((_, n) => n % 100 === 7, () => undefined),
  });
  await lab.gather(...FOUR);
  await lab.pass(5_000);
  lab.end();

  assert.deepEqual(lab.found, []);
});

for (
  const [what, change, found] of [
    [
      "a payload that is another",
      (bytes: Uint8Array) => bytes.with(bytes.length - 10, bytes.at(-10)! ^ 1),
      /^SB1: m-line "[av]\d"$/,
    ],
    [
      "a source that was not offered",
      (bytes: Uint8Array) => bytes.with(11, bytes[11]! ^ 1),
      /^SB1: a packet$/,
    ],
    ["what is no RTP", (bytes: Uint8Array) => bytes.with(0, 0), /^SB1: a packet$/],
  ] as const
) {
  Deno.test(`[SB1] MediaRun finds ${what}`, async () => {
    const lab = new MediaRoomLab({ down: changing((_, n) => n === 2_000, change) });
    await lab.gather(...FOUR);
    await lab.pass(1_500);
    lab.end();

    assert.equal(lab.found.length, 1);
    assert.match(lab.found[0]!, found);
  });
}

/** Says something else to ann. */
function toAnn(
  change: (message: ServerMessage) => ServerMessage | undefined,
): (message: ServerMessage, to: string) => ServerMessage | undefined {
  return (message, to) => to === "ann" ? change(message) : message;
}

Deno.test("[SB1] MediaRun finds a track that is told for another m-line than its own", async () => {
  const lab = new MediaRoomLab({
    said: toAnn((message) => {
      if (message.type !== "subscription-offer" && message.type !== "subscription-updated") {
        return message;
      }
      const mids = message.tracks.map(({ mid }) => mid);
      const sameKind = (mid: string) => mids.findLast((one) => one[0] === mid[0])!;
      const [first] = message.tracks;
      if (first === undefined) return message;
      const swapped = message.tracks.map((track) => {
        if (track.mid === first.mid) return { ...track, mid: sameKind(first.mid) };
        return track.mid === sameKind(first.mid) ? { ...track, mid: first.mid } : track;
      });
      return { ...message, tracks: swapped };
    }),
  });
  await lab.gather(...FOUR);
  await lab.pass(1_000);
  lab.end();

  assert.deepEqual(lab.found.filter((one) => !/^SB1: m-line "a/.test(one)), []);
  assert.equal(lab.found.length, 2);
});

Deno.test("[SB2] MediaRun finds that a picture goes on although its m-line was told to be empty", async () => {
  const lab = new MediaRoomLab();
  const [ann] = await lab.gather(...FOUR);
  const told = ann!.receiver.carried;
  const left = told.filter(({ mid }) => mid !== "v0");

  ann!.receive({ type: "subscription-updated", connection: 1, tracks: left });
  await lab.pass(2_000);
  lab.end();

  const [gone] = told.filter(({ mid }) => mid === "v0");
  assert.deepEqual(lab.found, [`SB2: camera of ${gone!.userId}`]);
});

Deno.test("[SB3] MediaRun finds that a paused picture goes on", async () => {
  const lab = new MediaRoomLab();
  const [ann] = await lab.gather(...FOUR);
  const camera = lab.media.publicationsFor(ann!).find(({ isVideo }) => isVideo)!;

  ann!.receiver.pausing(camera.trackId);
  ann!.receiver.paused(camera.trackId);
  await lab.pass(1_000);
  lab.end();

  assert.deepEqual(lab.found, [`SB3: ${camera.words}`]);
});

Deno.test("[PB3] MediaRun finds that a track goes on after its end", async () => {
  const lab = new MediaRoomLab();
  const [ann] = await lab.gather(...FOUR);
  // Bob believes that he has unpublished, and the others are told; the room knows nothing of it.
  const camera = lab.media.publicationsFor(ann!).find((one) =>
    one.isVideo && one.userId === "bob"
  )!;
  camera.endedAt = lab.clock.elapsed();
  const tracks = ann!.receiver.carried.filter(({ trackId }) => trackId !== camera.trackId);
  ann!.receive({ type: "subscription-updated", connection: 1, tracks });
  await lab.pass(2_000);
  lab.end();

  assert.deepEqual(lab.found, ["PB3: camera of bob"]);
});

Deno.test("[OR2] MediaRun finds media of another room, and of the user itself", async () => {
  const lab = new MediaRoomLab();
  const [ann] = await lab.gather("ann", "bob");
  const [own, others] = [ann!.sender.tracks[0]!, lab.media.users[1]!.sender.tracks[0]!];
  const { source, clock } = own;

  const add = (roomId: string, userId: string) =>
    lab.media.publications.add({ roomId, userId, source, clock, trackId: "elsewhere" });
  others.publication = add("elsewhere", "bob");
  await lab.pass(100);
  others.publication = add("test", "ann");
  await lab.pass(100);
  lab.media.close();
  lab.room.close();

  assert.deepEqual(lab.findings.map(({ rule, userId, seen }) => [rule, userId, seen]), [
    ["OR2", "ann", 'microphone of bob in room "elsewhere"'],
    ["SB1", "ann", "microphone of ann"],
  ]);
});

Deno.test("[PB3] MediaUser finds tracks that are told twice, and an end of what was never told", () => {
  const lab = new MediaRoomLab();
  const ann = lab.join("ann");
  const track = { trackId: "1", source: "camera" };

  ann.receive({ type: "track-published", userId: "bob", track });
  ann.receive({ type: "track-published", userId: "bob", track });
  ann.receive({ type: "track-unpublished", userId: "bob", trackId: "1" });
  ann.receive({ type: "track-unpublished", userId: "bob", trackId: "1" });

  assert.deepEqual(lab.found, ["PB3: track-published", "PB3: track-unpublished"]);
});

Deno.test("[SB5] MediaUser finds lost connections, messages that are none, and offers it cannot answer", () => {
  const lab = new MediaRoomLab();
  const ann = lab.join("ann");

  ann.receive({ type: "media-lost", channel: "publisher" });
  ann.receive({ type: "media-lost", channel: "neither" });
  ann.receive({
    ...{ type: "subscription-offer", connection: 1, tracks: [] },
    description: { type: "offer", sdp: "v=0\r\n" },
  });

  assert.deepEqual(lab.found, ["SB5: media-lost", "ME1: a message", "SB1: subscription-offer"]);
});

Deno.test("MediaUser tells what it misses: what nobody told, what is not carried, what does not come", async () => {
  const lab = new MediaRoomLab({
    said: toAnn((message) => message.type === "subscription-offer" ? undefined : message),
  });
  const [ann, bob] = await lab.gather("ann", "bob");
  for (const publication of lab.media.publicationsFor(ann!)) ann!.missed(publication, 3_000);
  for (const publication of lab.media.publicationsFor(bob!)) bob!.missed(publication, 3_000);

  assert.deepEqual(
    lab.findings.map(({ rule, userId, message, seen }) => [rule, userId, message, seen]),
    [
      ["PB3", "ann", "microphone of bob", "it is not carried"],
      ["PB3", "ann", "camera of bob", "it is not carried"],
      ["SB1", "bob", "microphone of ann", "none in 3000 ms"],
      ["SB1", "bob", "camera of ann", "none in 3000 ms"],
    ],
  );
  lab.end();
  const { pairs } = lab.media.outcome;
  const missing = pairs.find(({ subscriber }) => subscriber === "ann")!;
  assert.deepEqual([missing.publisher, missing.verdict], ["bob", "missing"]);
});

Deno.test("MediaRun.close ends everything, and hears nothing any more", async () => {
  const lab = new MediaRoomLab();
  const [ann] = await lab.gather("ann", "bob");

  lab.media.close();
  lab.room.close();
  ann!.receive({ type: "media-lost", channel: "publisher" });
  lab.media.close();

  assert.deepEqual(lab.found, []);
  assert.equal(lab.clock.pending, 0);
});
