/**
 * What every media plane promises, whoever carries the packets. The test of each runs it on one of its
 * own; descriptions are hand-made, and nobody connects by them.
 */
import assert from "node:assert/strict";
import {
  MediaError,
  type MediaErrorCode,
  type MediaPlane,
  type MediaRoom,
  type SubscriptionOffer,
} from "../../src/media/port.ts";
import type { PublishedMedia, RoomId, UserId } from "../../src/protocol/mod.ts";
import { answerTo, type OfferedMedia, offerOf } from "../media/support/descriptions.ts";
import { waitUntil } from "../support/wait_until.ts";

/** Opens a media plane; whoever opened it closes it. */
export type OpenPlane = () => MediaPlane | Promise<MediaPlane>;

const MICROPHONE: OfferedMedia = { mid: "0", kind: "audio", ssrc: 500 };
const CAMERA: OfferedMedia = { mid: "1", kind: "video", ssrc: 600, rtxSsrc: 601 };
const SCREEN: OfferedMedia = { mid: "2", kind: "video", ssrc: 700, rtxSsrc: 701 };
const PERSON: PublishedMedia[] = [
  { mid: "0", source: "microphone" },
  { mid: "1", source: "camera" },
];

/** A good user id. */
const id = (text: string) => text as UserId;

/** A room of a plane, and what it has told. */
export class PlaneRoom {
  readonly media: MediaRoom;
  /** What was told, e.g. `bob 1 a0=ann/microphone`; in the order in which it came. */
  readonly told: string[] = [];
  readonly offers = new Map<string, SubscriptionOffer>();
  #waitedFor = 0;

  constructor(plane: MediaPlane, roomId = "test") {
    const tell = (line: string) => this.told.push(line);
    this.media = plane.openRoom(roomId as RoomId, { // A good room id.
      published: (userId, { source }) => tell(`${userId}+${source}`),
      unpublished: (userId, { source }) => tell(`${userId}-${source}`),
      subscriptionOffered: (userId, offer) => {
        this.offers.set(userId, offer);
        tell(`offer ${userId} ${offer.connection} ${carries(offer)}`);
      },
      subscriptionUpdated: (userId, update) => tell(`update ${userId} ${carries(update)}`),
      speakersChanged: (speakers) => tell(`speakers ${speakers.map(({ userId }) => userId)}`),
      layersWanted: (userId, { maxHeight }) => tell(`wanted ${userId} ${maxHeight}`),
      connectionLost: (userId, channel) => tell(`lost ${userId} ${channel}`),
      restarted: () => tell("restarted"),
      recordingEnded: ({ recordingId }) => tell(`recorded ${recordingId}`),
    });
  }

  join(...users: string[]): void {
    for (const user of users) this.media.addParticipant(id(user));
  }

  /** Publishes with the credentials `pub<user>`, and gives the ids of the tracks. */
  async publish(
    user: string,
    { media = [MICROPHONE, CAMERA], tracks = PERSON, as = `pub${user}` }: {
      media?: OfferedMedia[];
      tracks?: PublishedMedia[];
      as?: string;
    } = {},
  ): Promise<string[]> {
    const sdp = offerOf(as, media);
    const answer = await this.media.publish(id(user), { sdp, tracks });
    assert.match(answer.sdp, /^v=0\r\n/);
    assert.deepEqual(answer.tracks.map(({ mid }) => mid), tracks.map(({ mid }) => mid));
    return answer.tracks.map(({ trackId }) => trackId);
  }

  /** Answers the last offer. */
  async answer(user: string): Promise<void> {
    const { connection, sdp } = this.offers.get(user)!;
    await this.media.answer(id(user), { connection, sdp: answerTo(sdp, `sub${user}`) });
  }

  /** Waits until this is told, behind what was waited for before. */
  async until(expected: string): Promise<void> {
    await waitUntil(() => {
      const found = this.told.indexOf(expected, this.#waitedFor);
      if (found < 0) return `told are ${this.told.join("; ")}, not ${expected}`;
      this.#waitedFor = found + 1;
      return undefined;
    });
  }

  /** All that was told, once an answer shows that nothing else is on the way. */
  async settled(): Promise<string[]> {
    await this.media.stats();
    return this.told;
  }
}

function carries({ tracks }: Pick<SubscriptionOffer, "tracks">): string {
  return tracks.map(({ mid, userId, source }) => `${mid}=${userId}/${source}`).join(" ");
}

async function refuses(asked: Promise<unknown>, ...codes: MediaErrorCode[]): Promise<void> {
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof MediaError, `${error}`);
    assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
    return true;
  });
}

/** Registers the suite for one kind of media plane. */
export function mediaPlaneContract(name: string, open: OpenPlane): void {
  function test(title: string, run: (plane: MediaPlane) => Promise<void>): void {
    const [, rules = "", what] = /^(\[.*?\] )?(.*)$/.exec(title)!;
    Deno.test(`${rules}${name} ${what}`, async () => {
      const plane = await open();
      try {
        await run(plane);
      } finally {
        await plane.close();
      }
    });
  }

  test("[PB1] answers a publisher, and offers what it publishes to the others", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann", "bob");

    const trackIds = await room.publish("ann");

    assert.equal(plane.isAvailable, true);
    assert.equal(new Set(trackIds).size, 2);
    await room.until("offer bob 1 a0=ann/microphone v0=ann/camera");
    assert.deepEqual(room.told.slice(0, 2), ["ann+microphone", "ann+camera"]);
    assert.match(room.offers.get("bob")!.sdp, /^a=mid:v0\r$/m);
  });

  test("[PB3] keeps a track while its m-line names the same source", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann", "bob");
    const before = await room.publish("ann");

    const tracks: PublishedMedia[] = [...PERSON, { mid: "2", source: "screen" }];
    const more = await room.publish("ann", { media: [MICROPHONE, CAMERA, SCREEN], tracks });
    const less = await room.publish("ann", {
      media: [MICROPHONE, CAMERA, SCREEN],
      tracks: [tracks[0]!],
    });

    assert.deepEqual(more.slice(0, 2), before);
    assert.deepEqual(less, [before[0]]);
    const told = (await room.settled()).filter((line) => /^ann/.test(line));
    assert.deepEqual(told.toSorted(), [
      ...["ann+camera", "ann+microphone", "ann+screen", "ann-camera", "ann-screen"],
    ]);
  });

  test("[PB5] takes other credentials for another connection", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann", "bob");
    const before = await room.publish("ann");

    const after = await room.publish("ann", { as: "other" });

    assert.ok(after.every((trackId) => !before.includes(trackId)), `${before} ${after}`);
    const told = (await room.settled()).filter((line) => /^ann[+-]/.test(line));
    assert.deepEqual(told.filter((line) => line === "ann-camera").length, 1);
    assert.deepEqual(told.filter((line) => line === "ann+camera").length, 2);
  });

  test("[PB2] refuses what it cannot carry, and nothing has changed", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann", "bob");
    const trackIds = await room.publish("ann");
    await room.until("offer bob 1 a0=ann/microphone v0=ann/camera");
    const before = [...room.told];

    for (const sdp of ["", "nonsense", "v=0\r\n"]) {
      await refuses(room.media.publish(id("ann"), { sdp, tracks: [] }), "bad-description");
    }
    await refuses(room.publish("ann", { media: [MICROPHONE] }), "bad-description");
    await refuses(
      room.publish("ann", { tracks: [{ mid: "0", source: "camera" }] }),
      "bad-description",
    );

    assert.deepEqual(await room.settled(), before);
    assert.deepEqual(await room.publish("ann"), trackIds);
  });

  test("[SB1] has one offer outstanding, and offers the rest after its answer", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann", "bob", "cat");
    await room.publish("ann");
    await room.until("offer bob 1 a0=ann/microphone v0=ann/camera");
    await room.publish("cat");
    await room.until("offer ann 1 a0=cat/microphone v0=cat/camera");
    assert.equal((await room.settled()).filter((line) => line.startsWith("offer bob")).length, 1);

    await room.answer("bob");

    await room.until(
      "offer bob 1 a0=ann/microphone v0=ann/camera a1=cat/microphone v1=cat/camera",
    );
    await refuses(
      room.media.answer(id("bob"), { connection: 2, sdp: "v=0\r\n" }),
      "bad-description",
    );
  });

  test("[SB2] gives the m-lines of who left to who comes, without an offer", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann", "bob");
    await room.publish("ann");
    await room.until("offer bob 1 a0=ann/microphone v0=ann/camera");
    await room.answer("bob");

    room.media.removeParticipant(id("ann"));
    await room.until("ann-microphone");
    await room.until("update bob ");
    room.join("cat");
    await room.publish("cat");

    await room.until("update bob a0=cat/microphone v0=cat/camera");
    assert.equal((await room.settled()).filter((line) => line.startsWith("offer bob")).length, 1);
  });

  test("[SB3] takes wishes for tracks that there are, and no others", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann", "bob");
    const [, trackId = ""] = await room.publish("ann");

    await room.media.subscribe(id("bob"), { trackId, maxHeight: 180 });
    await refuses(room.media.subscribe(id("bob"), { trackId: "none" }), "no-such-track");
    await refuses(room.media.subscribe(id("ann"), { trackId }), "no-such-track");
  });

  test("[PB6] tells a publisher when nobody wants its picture, and when somebody does", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann", "bob");
    const [, trackId = ""] = await room.publish("ann");
    await room.until("offer bob 1 a0=ann/microphone v0=ann/camera");
    await room.answer("bob");

    await room.media.subscribe(id("bob"), { trackId, isPaused: true });
    await room.until("wanted ann 0");
    assert.deepEqual((await room.media.stats()).subscriptions.map(({ userId }) => userId), [
      ...["bob", "bob"],
    ]);
  });

  test("[SB4] offers another connection when asked to, and takes no answer to the one before", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann", "bob");
    await room.publish("ann");
    await room.until("offer bob 1 a0=ann/microphone v0=ann/camera");

    room.media.restartSubscription(id("bob"));
    await room.until("offer bob 2 a0=ann/microphone v0=ann/camera");
    const { sdp } = room.offers.get("bob")!;

    const late = { connection: 1, sdp: answerTo(sdp, "subbob") };
    await refuses(room.media.answer(id("bob"), late), "bad-description");
    await room.answer("bob");
  });

  test("knows nobody who is not in the room", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann");
    const zoe = id("zoe");
    const sdp = offerOf("zoe1", [MICROPHONE]);

    await refuses(room.media.publish(zoe, { sdp, tracks: [] }), "no-such-participant");
    await refuses(room.media.answer(zoe, { connection: 1, sdp }), "no-such-participant");
    await refuses(room.media.subscribe(zoe, { trackId: "1" }), "no-such-participant");
    await refuses(room.media.view(zoe, { sdp }), "no-such-participant");
    room.media.removeParticipant(zoe);
    room.media.restartSubscription(zoe);
    room.join("ann");

    assert.deepEqual(await room.settled(), []);
  });

  test("keeps rooms apart, also of one name", async (plane) => {
    const one = new PlaneRoom(plane, "one");
    const two = new PlaneRoom(plane, "two");
    const again = new PlaneRoom(plane, "one");
    for (const room of [one, two, again]) room.join("ann", "bob");

    await one.publish("ann");
    await one.until("offer bob 1 a0=ann/microphone v0=ann/camera");

    assert.deepEqual([await two.settled(), await again.settled()], [[], []]);
    assert.equal((await plane.stats()).rooms, 3);
  });

  test("says nothing of a room that is closed, and refuses what it is asked", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann", "bob");
    await room.publish("ann");
    const other = new PlaneRoom(plane, "other");
    other.join("ann");

    room.media.close();
    room.media.close();
    const before = [...room.told];
    room.join("cat");
    room.media.removeParticipant(id("ann"));
    await refuses(room.publish("bob"), "unavailable");
    await refuses(room.media.stats(), "unavailable");

    assert.deepEqual(await other.settled(), []);
    assert.deepEqual(room.told, before);
    assert.equal((await plane.stats()).rooms, 1);
  });

  test("counts what there is", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann", "bob");
    await room.publish("ann");
    await room.until("offer bob 1 a0=ann/microphone v0=ann/camera");

    const { publications } = await room.media.stats();
    const stats = await plane.stats();

    assert.deepEqual(publications.map(({ userId, source }) => `${userId} ${source}`), [
      ...["ann microphone", "ann camera"],
    ]);
    assert.deepEqual([stats.processes, stats.rooms, stats.publications], [1, 1, 2]);
    assert.equal(stats.connections, 1);
    assert.equal(stats.restarts, 0);
  });

  test("[MS1] counts what concerns one participant alone", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann", "bob");
    await room.publish("ann");
    await room.until("offer bob 1 a0=ann/microphone v0=ann/camera");
    await room.answer("bob");

    const ann = await room.media.stats(id("ann"));
    const bob = await room.media.stats(id("bob"));
    const nobody = await room.media.stats(id("nobody"));

    assert.deepEqual(ann.publications.map(({ source }) => source), ["microphone", "camera"]);
    assert.deepEqual([ann.subscriptions, bob.publications], [[], []]);
    assert.deepEqual(
      bob.subscriptions.map(({ userId, from, source }) => `${userId} ${from} ${source}`),
      ["bob ann microphone", "bob ann camera"],
    );
    assert.deepEqual(bob.estimates.map(({ userId }) => userId), ["bob"]);
    assert.deepEqual(nobody, { publications: [], subscriptions: [], estimates: [] });
  });

  test("ends a capture when its reader does", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann");
    await room.publish("ann");

    const reader = room.media.capture(id("ann"), { maxBytes: 10_000, maxMs: 10_000 }).getReader();
    const { value } = await reader.read();
    await reader.cancel();

    // The magic number of pcap, in the byte order of whoever wrote it.
    assert.match(value?.toHex() ?? "", /^(d4c3b2a1|a1b2c3d4)/);
  });

  test("is at its end after its close, and says so", async (plane) => {
    const room = new PlaneRoom(plane);
    room.join("ann");
    await room.publish("ann");

    await plane.close();
    await plane.close();

    assert.equal(plane.isAvailable, false);
    await refuses(room.publish("ann"), "unavailable");
    const late = new PlaneRoom(plane, "late");
    late.join("ann");
    await refuses(late.publish("ann"), "unavailable");
    assert.equal((await plane.stats()).publications, 0);
  });
}
