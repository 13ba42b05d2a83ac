/**
 * Checks of media through the server, as far as they can be put to the test without sending any.
 */
import type { ServerMessageOf } from "../../../src/protocol/mod.ts";
import type { Actor } from "../actor.ts";
import { check, slowCheck } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { everyone } from "../scene.ts";
import {
  collect,
  gatherCarried,
  gatherMoved,
  leaveAll,
  publish,
  publishing,
  publishTo,
  SOURCES,
} from "../sfu_room.ts";

/** Rule TO4. */
const LATER_MS = 10_000;
const SLACK_MS = 1_500;
const ANSWER = { type: "answer", sdp: "v=0\r\n" };

/** PB1 to PB5. */
export const publishingChecks = [
  check("PB1", {
    title: "publish is not-allowed in a mesh, and for viewers",
    does: "publishes in a room of two, as a participant and as a viewer, and in none",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    await ann.beRefused(publishing(), "not-joined");
    const { room } = await ann.join(scene.room, { sfu: true });
    const viewer = await scene.join("viewer", { fields: { sfu: true, role: "viewer" } });
    await ann.hear("user-joined");
    await viewer.beRefused(publishing(), "not-allowed");
    if (room.topology === "mesh") await ann.beRefused(publishing(), "not-allowed");
    else scene.note("the server has media travel through itself alone");
    await everyone([ann, viewer], (one) => one.hearNothing());
  }),

  check("PB2", {
    title: "what cannot be carried is media-failed, and changes nothing",
    does: "offers text that is no description, an empty one and one without a codec",
  }, async (scene) => {
    const [ann, ...others] = await gatherCarried(scene);
    const noCodec = [
      "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0",
      "m=audio 9 UDP/TLS/RTP/SAVPF\r\na=mid:0\r\n",
    ].join("\r\n");
    for (const sdp of ["", "nothing", noCodec]) {
      const request = { ...publishing(), description: { type: "offer", sdp } };
      await ann!.beRefused(request, "media-failed");
    }
    await everyone([ann!, ...others], (one) => one.hearNothing());
  }),

  check("PB3", {
    title: "tracks are told to the others, shown to later ones, and keep their ids",
    does: "publishes two, again, without one of them, has one join, and leaves",
  }, async (scene) => {
    const [ann, ...others] = await gatherCarried(scene);
    const [microphone, camera] = await publishTo(ann!, others);
    const again = await publish(ann!);
    same("the ids", again.map(({ trackId }) => trackId), [microphone, camera]);
    await publish(ann!, { tracks: SOURCES.slice(0, 1) });
    await everyone(others, async (one) => {
      const [ended] = await collect(one, "track-unpublished", 1);
      same("the track that ended", ended?.trackId, camera);
    });
    const eve = await scene.connect("eve");
    const { participants } = await eve.join(scene.room, { sfu: true });
    const shown = participants.find(({ userId }) => userId === "ann")?.tracks;
    same("the tracks of ann", shown, [{ trackId: microphone, source: "microphone" }]);
    await leaveAll([ann!]);
    await everyone([...others, eve], async (one) => {
      const heard = await one.hearUntil("user-left", { userId: "ann" });
      const rest = await one.hearRest();
      const isTold = [...heard, ...rest].some(({ type }) => type === "track-unpublished");
      demand(!isTold, "no word of the tracks of one who left", [...heard, ...rest]);
    });
    await leaveAll([...others, eve]);
  }),

  check("PB4", {
    title: "publishing changes nothing of what a participant shows of itself",
    does: "publishes beside a state that says otherwise, and has one join",
  }, async (scene) => {
    const [ann, ...others] = await gatherCarried(scene);
    await ann!.ask({ type: "state", audio: false, video: false }, "ok");
    await everyone(others, (one) => one.hear("participant-updated"));
    await publishTo(ann!, others);
    const eve = await scene.connect("eve");
    const { participants } = await eve.join(scene.room, { sfu: true });
    const { state } = participants.find(({ userId }) => userId === "ann")!;
    same("the state of ann", state, { audio: false, video: false });
    await everyone([ann!, ...others, eve], async (one) => {
      const rest = await one.hearRest();
      const isTold = rest.some(({ type }) => type === "participant-updated");
      demand(!isTold, "no change of a state", rest);
    });
    await leaveAll([ann!, ...others, eve]);
  }),

  check("PB5", {
    title: "an offer with other ICE credentials is another connection in place of the first",
    does: "publishes over one connection and over another, and looks at the ids of the tracks",
  }, async (scene) => {
    const [ann, ...others] = await gatherCarried(scene);
    const before = await publishTo(ann!, others);
    const tracks = await publish(ann!, { usernameFragment: "cf02" });
    const after = tracks.map(({ trackId }) => trackId);
    demand(after.every((id) => !before.includes(id)), "other ids than before", after);
    const eve = await scene.connect("eve");
    const { participants } = await eve.join(scene.room, { sfu: true });
    const shown = participants.find(({ userId }) => userId === "ann")?.tracks ?? [];
    same("the tracks of ann", shown.map(({ trackId }) => trackId).toSorted(), after.toSorted());
    await leaveAll([ann!, ...others, eve]);
  }),
];

/** SB1 and SB3 to SB6. */
export const subscribingChecks = [
  check("SB1", {
    title: "an answer that nobody waits for is taken; an offer names all that it carries",
    does:
      "answers where nothing was offered and, where media go through the server, reads an offer",
  }, async (scene) => {
    const answer = { type: "subscription-answer", connection: 7, description: ANSWER };
    const alone = await scene.join("alone", { room: scene.otherRoom });
    await alone.ask(answer, "ok");
    await alone.hearNothing();
    const [ann, ...others] = await gatherCarried(scene);
    const tracks = await publish(ann!);
    const published = tracks.map(({ trackId }) => ["ann", trackId]).toSorted();
    await everyone(others, async (one) => {
      const [offer] = await collect(one, "subscription-offer", 1);
      const carried = offer!.tracks.map(({ userId, trackId }) => [userId, trackId]).toSorted();
      same("what an offer carries", carried, published);
      one.say({ ...answer, connection: offer!.connection + 7, requestId: "late" });
      await one.hearUntil("ok", { requestId: "late" });
    });
    await leaveAll([ann!, ...others]);
  }),

  check("SB3", {
    title: "a track that nobody publishes is no-such-track",
    does: "subscribes to one in a room without any, in each way that there is",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"], { fields: { sfu: true } });
    for (const fields of [{}, { maxHeight: 360 }, { paused: true }]) {
      await ann!.beRefused({ type: "subscribe", trackId: "nobody's", ...fields }, "no-such-track");
    }
    await bob!.hearNothing();
  }),

  check("SB4", {
    title: "restart-subscription gets another connection, and is not-allowed in a mesh",
    does: "asks in a mesh and, where media go through the server, after an offer",
  }, async (scene) => {
    const old = await scene.join("old", { room: scene.otherRoom });
    await old.beRefused({ type: "restart-subscription" }, "not-allowed");
    const [ann, bob, ...others] = await gatherCarried(scene);
    await publish(ann!);
    const [before] = await collect(bob!, "subscription-offer", 1);
    bob!.say({ type: "restart-subscription" });
    const [after] = await collect(bob!, "subscription-offer", 1);
    const numbers = [before?.connection, after?.connection];
    demand(numbers[0] !== numbers[1], "another connection", numbers);
    await leaveAll([ann!, bob!, ...others]);
  }),

  slowCheck("SB5", {
    title: "10 s after a move to the mesh both connections are lost, and all tracks ended",
    does: "publishes, has one enter who cannot, and waits",
  }, async (scene) => {
    const [ann, ...others] = await gatherMoved(scene);
    const trackIds = await publishTo(ann!, others);
    const old = await scene.join("old");
    await everyone([ann!, ...others], (one) => one.hearUntil("topology", { topology: "mesh" }));
    await publish(ann!);
    await everyone([ann!, ...others], async (one) => {
      one.bePatient(LATER_MS + SLACK_MS);
      if (one !== ann) {
        const ended = await collect(one, "track-unpublished", trackIds.length);
        same("what ended", ended.map(({ trackId }) => trackId).toSorted(), trackIds.toSorted());
      }
      const lost = await collect(one, "media-lost", 2);
      same("the lost", lost.map(({ channel }) => channel), ["publisher", "subscriber"]);
      one.bePatient(0);
    });
    const rest = await old.hearRest();
    const isTold = rest.some(({ type }) => type === "media-lost" || type === "topology");
    demand(!isTold, "no word of it for who has no media", rest);
    await ann!.beRefused(publishing(), "not-allowed");
  }),

  check("SB6", {
    title: "a candidate is for a participant or for a channel of the server, which needs none",
    does:
      "sends candidates for each channel, for both a channel and a participant, and for neither",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"], { fields: { sfu: true } });
    const message = { type: "ice-candidate", candidate: null };
    for (const channel of ["publisher", "subscriber"]) {
      await ann!.ask({ ...message, channel }, "ok");
    }
    for (const to of [{}, { to: "bob", channel: "publisher" }, { channel: "viewer" }]) {
      await ann!.beRefused({ ...message, ...to }, "bad-message");
    }
    await bob!.hearNothing();
  }),
];

/** MS1 and MS2. */
export const counterChecks = [
  check("MS1", {
    title: "everybody is told what is counted of its own media, and nothing of others'",
    does: "publishes, and has the publisher and another one ask",
  }, async (scene) => {
    const [ann, ...others] = await gatherCarried(scene);
    const trackIds = await publishTo(ann!, others);
    const own = await counters(ann!);
    same("what ann publishes", idsOf(own.published), [...trackIds].toSorted());
    same("what ann receives", own.received, []);
    await everyone(others, async (one) => {
      const { published, received } = await counters(one);
      same("what another one publishes", published, []);
      const foreign = received.filter(({ userId }) => userId !== "ann");
      demand(foreign.length === 0, "tracks of ann alone", received);
    });
    await leaveAll([ann!, ...others]);
  }),

  check("MS2", {
    title: "media-stats is not-allowed where no media are carried, and asked once a second",
    does: "asks in a mesh and, where media go through the server, twice in a row",
  }, async (scene) => {
    const old = await scene.join("old", { room: scene.otherRoom });
    await old.beRefused({ type: "media-stats" }, "not-allowed");
    await old.hearNothing();
    const [ann, ...others] = await gatherCarried(scene);
    await counters(ann!);
    const requestId = "again";
    ann!.say({ type: "media-stats", requestId });
    const refusal = (await ann!.hearUntil("error", { requestId })).at(-1);
    demand(
      refusal?.type === "error" && refusal.code === "rate-limited" &&
        refusal.retryAfterMs !== undefined && refusal.retryAfterMs <= 1_000,
      "rate-limited, for a second at most",
      refusal,
    );
    await counters(others[0]!);
    await leaveAll([ann!, ...others]);
  }),
];

async function counters(actor: Actor): Promise<ServerMessageOf<"media-stats">> {
  actor.say({ type: "media-stats", requestId: "counters" });
  const heard = await actor.hearUntil("media-stats", { requestId: "counters" });
  return heard.at(-1) as ServerMessageOf<"media-stats">; // It was heard until there was one.
}

function idsOf(tracks: readonly { readonly trackId: string }[]): string[] {
  return tracks.map(({ trackId }) => trackId).toSorted();
}
