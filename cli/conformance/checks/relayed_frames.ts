/** Checks of media over the socket. */
import type { ServerMessageOf } from "../../../src/protocol/mod.ts";
import type { Actor } from "../actor.ts";
import { check, slowCheck } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { asking, frameOf, gatherLive, gatherRelay, othersOf, soundOf } from "../relay_room.ts";
import { everyone, type Scene } from "../scene.ts";
import { patientPlace } from "./slow_readers.ts";

/** Rule FR5. */
const KEY_FRAME_PERIOD_MS = 500;
/** Rule FR6. */
const FRAMES_PER_SECOND = 300;
const BYTES_PER_SECOND = 2 * 1024 * 1024;
/** Sent to one who does not read: more than the buffers of both kernels hold. */
const STALL_BYTES = 9_000_000;
const SLACK_MS = 6_000;

/** FR1 to FR8. */
export const relayedFrameChecks = [
  check("FR1", {
    title: "who says relay: true can be asked for frames, whatever its role; nobody else can",
    does: "asks for those of one who did not say it, one who said false, and two who did",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    const cat = await scene.join("cat", { fields: { relay: true } });
    const dan = await scene.join("dan", { fields: { relay: true, role: "viewer" } });
    const eve = await scene.join("eve", { fields: { relay: false } });
    await everyone([ann!, bob!, cat, dan], (one) => one.hearRest());
    for (const userId of ["bob", "eve"]) {
      await ann!.beRefused(asking(scene, { userId }), "media-failed");
    }
    const sourceIds = new Set<number>();
    for (const one of [cat, dan]) {
      const userId = one.name;
      const started = await ann!.ask(asking(scene, { userId }), "relay-started", { userId });
      sourceIds.add(started.sourceId);
      await one.hear("relay-wanted", { video: true, audio: true, viewers: 1 });
    }
    same("numbers of two sources", sourceIds.size, 2);
    await everyone([bob!, eve], (one) => one.hearNothing());
  }),

  check("FR2", {
    title: "request-relay starts frames, pictures from a key frame on, and ends them",
    does: "asks, shows pictures and sound, asks again, ends it twice, and asks for another's",
  }, async (scene) => {
    const { ann, viewers: [bob, cat] } = await gatherLive(scene);
    const { sourceId } = await bob!.ask(asking(scene), "relay-started", { userId: "ann" });
    demand(sourceId > 0, "a number of the source", sourceId);
    await ann.hear("relay-wanted", { viewers: 1 });
    for (const frame of [frameOf({ number: 1 }), soundOf(1)]) ann.sayBytes(frame);
    for (const [number, isKey] of [[2, true], [3, false]] as const) {
      ann.sayBytes(frameOf({ number, isKey }));
    }
    await bob!.see({ kind: "opus", number: 1, sourceId });
    await bob!.see({ kind: "vp8", number: 2, isKey: true, sourceId });
    await bob!.see({ kind: "vp8", number: 3, isKey: false, sourceId });
    await bob!.ask(asking(scene, { userId: "ann" }), "relay-started", { userId: "ann", sourceId });
    ann.bePatient(KEY_FRAME_PERIOD_MS);
    await ann.hearUntil("relay-key-frame");
    await bob!.ask(asking(scene, { active: false }), "ok");
    await ann.hearUntil("relay-wanted", { video: false, audio: false, viewers: 0 });
    for (const frame of [frameOf({ number: 4, isKey: true }), soundOf(2)]) ann.sayBytes(frame);
    await ann.hearRest();
    await bob!.ask(asking(scene, { active: false }), "ok");
    await everyone([ann, bob!, cat!], (one) => one.hearNothing());
  }),

  check("FR3", {
    title: "other rooms and oneself are not-allowed, nobody is no-such-participant",
    does: "asks in each of those ways, in a room, outside and where nobody broadcasts",
  }, async (scene) => {
    const { ann, viewers: [bob] } = await gatherLive(scene, { names: ["bob"] });
    const refusals = [
      [{ roomId: scene.otherRoom }, "not-allowed"],
      [{ userId: "bob" }, "not-allowed"],
      [{ userId: scene.id("nobody") }, "no-such-participant"],
      [{ userId: "a b" }, "invalid-user-id"],
      [{ active: 1 }, "bad-message"],
    ] as const;
    for (const [fields, code] of refusals) await bob!.beRefused(asking(scene, fields), code);
    await ann.beRefused(asking(scene), "not-allowed");
    const cat = await scene.connect("cat");
    await cat.beRefused(asking(scene), "not-joined");
    await cat.join(scene.otherRoom);
    const elsewhere = { roomId: scene.otherRoom };
    await cat.beRefused(asking(scene, elsewhere), "no-such-participant");
    await cat.beRefused(asking(scene, { ...elsewhere, userId: "ann" }), "no-such-participant");
    await everyone([ann, bob!, cat], (one) => one.hearNothing());
  }),

  check("FR4", {
    title: "relay-wanted tells the whole when it changes, and again after a resume",
    does: "has two ask, one of them twice, one end and one leave, and drops the source",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const fields = { role: "broadcaster", relay: true, resumable: true };
    const { resumeToken } = await ann.join(scene.room, fields);
    const [bob, cat] = [await scene.join("bob"), await scene.join("cat")];
    await bob.hear("user-joined");
    await ann.hear("user-joined");
    await ann.hear("user-joined");
    const told = async (viewers: number) => {
      const { maxFrameBytes, ...wanted } = await nextWanted(ann);
      const { seq: _seq, ...rest } = wanted;
      const isWanted = viewers > 0;
      const expected = { video: isWanted, audio: isWanted, pictures: [], viewers };
      same("what is wanted", rest, { type: "relay-wanted", ...expected });
      const { maxMessageBytes } = ann.welcome.limits;
      demand(maxFrameBytes > maxMessageBytes, "longer frames than messages", maxFrameBytes);
    };
    await bob.ask(asking(scene), "relay-started");
    await told(1);
    await cat.ask(asking(scene), "relay-started");
    await told(2);
    await cat.ask(asking(scene), "relay-started");
    same("what else", await othersOf(ann), []);
    await bob.ask(asking(scene, { active: false }), "ok");
    await told(1);
    if (resumeToken === undefined) scene.note("after a resume: the server grants none");
    else await resumeAndHear(scene, { ann, bob, cat, resumeToken });
  }),

  slowCheck("FR5", {
    title: "relay-key-frame is asked at most twice a second, however many ask",
    does: "has three viewers ask again and again for two seconds",
  }, async (scene) => {
    const at = await patientPlace(scene);
    const { ann, viewers } = await gatherRelay(scene, { at, names: ["bob", "cat", "dan"] });
    await scene.pause(KEY_FRAME_PERIOD_MS);
    await ann.hearRest();
    const startedAt = scene.clock.elapsed();
    while (scene.clock.elapsed() - startedAt < 4 * KEY_FRAME_PERIOD_MS) {
      await everyone(viewers, (one) => one.ask(asking(scene), "relay-started"));
      await scene.pause(KEY_FRAME_PERIOD_MS / 10);
    }
    const heard = await ann.hearRest();
    const tookMs = scene.clock.elapsed() - startedAt;
    const most = 1 + Math.ceil(tookMs / KEY_FRAME_PERIOD_MS);
    const isBounded = heard.length >= 3 && heard.length <= most;
    demand(isBounded, `3 to ${most} requests in ${Math.round(tookMs)} ms`, heard.length);
    same("what they are", new Set(heard.map(({ type }) => type)), new Set(["relay-key-frame"]));
    await scene.pause(KEY_FRAME_PERIOD_MS);
    await ann.hearRest();
  }),

  slowCheck("FR6", {
    title: "a frame goes to all who want its kind; too long is answered, all else is dropped",
    does: "shows pictures: one too long, an unwanted one; then sound and pictures beyond the rate",
  }, async (scene) => {
    const at = await patientPlace(scene);
    const { ann, viewers, wanted } = await gatherRelay(scene, { at });
    await passOn(ann, viewers, wanted.maxFrameBytes);
    const [bob, cat] = viewers;
    await cat!.ask(asking(scene, { active: false }), "ok");
    await ann.hearUntil("relay-wanted", { viewers: 1 });
    await scene.pause(1_000);
    await exceed(scene, { ann, bob: bob! });
    await scene.pause(2_000);
    await exceedBytes(scene, { ann, bob: bob!, maxFrameBytes: wanted.maxFrameBytes });
    await bob!.ask(asking(scene, { active: false }), "ok");
    await ann.hearUntil("relay-wanted", { viewers: 0 });
    await scene.pause(KEY_FRAME_PERIOD_MS);
    await ann.hearRest();
    ann.sayBytes(frameOf({ number: 9, isKey: true }));
    await everyone([ann, bob!, cat!], (one) => one.hearNothing());
  }),

  slowCheck("FR7", {
    title: "who does not read loses frames up to a key frame that is asked for; nobody else does",
    does: `stops to read while ${STALL_BYTES / 1e6} MB are shown to two, and reads again`,
  }, async (scene) => {
    const at = await patientPlace(scene);
    const { ann, viewers, wanted } = await gatherRelay(scene, { at, names: ["slow", "bob"] });
    const [slow, bob] = viewers;
    slow!.stopReading();
    const bytes = Math.min(50_000, wanted.maxFrameBytes - 24);
    const count = Math.ceil(STALL_BYTES / bytes);
    const periodMs = 1_000 * bytes / (BYTES_PER_SECOND * 0.8);
    for (let number = 1; number <= count; number++) {
      ann.sayBytes(frameOf({ number, isKey: number === 1, bytes }));
      await scene.pause(periodMs);
    }
    bob!.bePatient(SLACK_MS);
    for (let number = 1; number <= count; number++) await bob!.see({ number });
    same("what ann heard meanwhile", await othersOf(ann), []);
    slow!.readAgain();
    for (const one of [slow!, ann]) one.bePatient(SLACK_MS);
    await slow!.hearRest();
    const before = slow!.seeRest().map(({ number }) => number);
    demand(before.length < count, "less than all", before.length);
    same("what came before the gap", before, before.map((_, n) => n + 1));
    ann.sayBytes(frameOf({ number: count + 1 }));
    await ann.hear("relay-key-frame");
    ann.sayBytes(frameOf({ number: count + 2, isKey: true }));
    ann.sayBytes(frameOf({ number: count + 3 }));
    await slow!.see({ number: count + 2, isKey: true });
    await slow!.see({ number: count + 3 });
    for (const n of [1, 2, 3]) await bob!.see({ number: count + n });
    await everyone([ann, bob!, slow!], (one) => one.hearNothing());
  }),

  check("FR8", {
    title: "frames are not repeated after a resume; who leaves neither gets nor gives any",
    does: "drops a viewer, shows some, resumes, and has a viewer and the source leave",
  }, async (scene) => {
    const { ann, viewers: [cat] } = await gatherRelay(scene, { names: ["cat"] });
    const bob = await scene.connect("bob");
    const { resumeToken } = await bob.join(scene.room, { role: "viewer", resumable: true });
    await everyone([ann, cat!], (one) => one.hear("user-joined"));
    await bob.ask(asking(scene), "relay-started");
    await ann.hearUntil("relay-wanted", { viewers: 2 });
    ann.sayBytes(frameOf({ number: 1, isKey: true }));
    await everyone([bob, cat!], (one) => one.see({ number: 1 }));
    let back = bob;
    if (resumeToken === undefined) scene.note("after a resume: the server grants none");
    else back = await resumeViewer(scene, { ann, bob, cat: cat!, resumeToken });
    await cat!.ask({ type: "leave" }, "leaved");
    await back.hear("user-left", { userId: "cat" });
    await ann.hearUntil("relay-wanted", { viewers: 1 });
    ann.sayBytes(frameOf({ number: 10, isKey: true }));
    await back.see({ number: 10 });
    await ann.hearRest();
    await cat!.hearNothing();
    await ann.ask({ type: "leave" }, "leaved");
    ann.sayBytes(frameOf({ number: 11, isKey: true }));
    await back.hear("user-left", { userId: "ann" });
    await back.beRefused(asking(scene), "no-such-participant");
    await everyone([ann, back], (one) => one.hearNothing());
  }),
];

/** Frames of every length but one that is too long arrive as they were sent. */
async function passOn(
  ann: Actor,
  viewers: readonly Actor[],
  maxFrameBytes: number,
): Promise<void> {
  const picture = { number: 7, isKey: true, timestampUs: 123_456_789, width: 641, height: 359 };
  const longest = maxFrameBytes - frameOf({ bytes: 0 }).length;
  ann.sayBytes(frameOf({ ...picture, bytes: longest }));
  for (const { payload } of await everyone(viewers, (one) => one.see(picture))) {
    same("its length", payload.length, longest);
    demand(payload.every((byte) => byte === 7), "what was sent", "other bytes");
  }
  ann.sayBytes(frameOf({ bytes: longest + 1 }));
  await ann.hear("error", { code: "message-too-large" });
  ann.sayBytes(frameOf({ kind: "jpeg", pictureId: 9 }));
  ann.sayBytes(frameOf({ number: 8 }));
  await everyone(viewers, (one) => one.see({ kind: "vp8", number: 8 }));
}

/** Three seconds' worth of short frames at once: as many come as the rate allows, and no word. */
async function exceed(scene: Scene, { ann, bob }: { ann: Actor; bob: Actor }): Promise<void> {
  const startedAt = scene.clock.elapsed();
  for (let n = 0; n < 3 * FRAMES_PER_SECOND; n++) ann.sayBytes(soundOf(n));
  same("what ann hears", await othersOf(ann), []);
  await bob.hearRest();
  const seconds = (scene.clock.elapsed() - startedAt) / 1_000;
  const passed = bob.seeRest().length;
  const most = Math.ceil(FRAMES_PER_SECOND * (1 + seconds));
  const isBounded = passed >= FRAMES_PER_SECOND && passed <= most;
  demand(isBounded, `${FRAMES_PER_SECOND} to ${most} frames`, passed);
}

/** The same with bytes: few frames, but long ones. */
async function exceedBytes(
  scene: Scene,
  { ann, bob, maxFrameBytes }: { ann: Actor; bob: Actor; maxFrameBytes: number },
): Promise<void> {
  const startedAt = scene.clock.elapsed();
  const bytes = Math.min(60_000, maxFrameBytes - frameOf({ bytes: 0 }).length);
  for (let n = 0; n * bytes < 3 * BYTES_PER_SECOND; n++) {
    ann.sayBytes(frameOf({ number: n, isKey: true, bytes }));
    // Whoever reads keeps up, so what is missing was dropped for the rate.
    if (n % 4 === 0) await everyone([ann, bob], othersOf);
  }
  await everyone([ann, bob], othersOf);
  const seconds = (scene.clock.elapsed() - startedAt) / 1_000;
  const passed = bob.seeRest().length * bytes;
  const most = Math.ceil(BYTES_PER_SECOND * (1 + seconds));
  demand(passed <= most, `at most ${most} bytes`, passed);
  demand(passed > BYTES_PER_SECOND / 2, "some of the pictures", passed);
}

/** The next word of what is wanted; requests of key frames may come before it. */
async function nextWanted(source: Actor): Promise<ServerMessageOf<"relay-wanted">> {
  const heard = await source.hearUntil("relay-wanted");
  const others = heard.slice(0, -1).filter(({ type }) => type !== "relay-key-frame");
  same("what came before", others, []);
  return heard.at(-1) as ServerMessageOf<"relay-wanted">; // It was heard until there was one.
}

/** The source comes back and hears what is wanted; its viewer gets pictures from a key frame on. */
async function resumeAndHear(
  scene: Scene,
  { ann, bob, cat, resumeToken }: { ann: Actor; bob: Actor; cat: Actor; resumeToken: string },
): Promise<void> {
  await ann.drop();
  await everyone([bob, cat], (one) => one.hear("participant-updated", { connected: false }));
  const back = await scene.connect("ann");
  const lastSeq = ann.lastSeq;
  await back.ask({ type: "resume", resumeToken, lastSeq }, "resumed");
  await everyone([bob, cat], (one) => one.hear("participant-updated", { connected: true }));
  back.bePatient(KEY_FRAME_PERIOD_MS);
  const { viewers } = await nextWanted(back);
  same("the viewers, after a resume", viewers, 1);
  await back.hearUntil("relay-key-frame");
  for (const [number, isKey] of [[1, false], [2, true]] as const) {
    back.sayBytes(frameOf({ number, isKey }));
  }
  await cat.see({ number: 2, isKey: true });
  await back.hearRest();
  await everyone([bob, cat], (one) => one.hearNothing());
}

/** A viewer drops, misses a picture, and comes back. */
async function resumeViewer(
  scene: Scene,
  { ann, bob, cat, resumeToken }: { ann: Actor; bob: Actor; cat: Actor; resumeToken: string },
): Promise<Actor> {
  await bob.drop();
  const isAway = (connected: boolean) =>
    everyone(
      [ann, cat],
      (one) => one.hearUntil("participant-updated", { userId: "bob", connected }),
    );
  await isAway(false);
  ann.sayBytes(frameOf({ number: 2 }));
  await cat.see({ number: 2 });
  const back = await scene.connect("bob");
  await back.ask({ type: "resume", resumeToken, lastSeq: bob.lastSeq }, "resumed");
  await isAway(true);
  for (const [number, isKey] of [[3, false], [4, true]] as const) {
    ann.sayBytes(frameOf({ number, isKey }));
    await cat.see({ number });
  }
  await back.see({ number: 4, isKey: true });
  return back;
}
