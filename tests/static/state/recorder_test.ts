/** The recorder: what it starts, tells the others and saves, whatever the browser answers. */
import assert from "node:assert/strict";
import {
  Recorder,
  RecordingError,
  type RecordingEvents,
  type RecordingWish,
  type RunningRecording,
} from "../../../static/state/recorder.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("Recorder records, pauses, goes on and saves, and tells the others", async () => {
  const scene = setUp();
  const { recorder, clock } = scene;

  await recorder.start("everyone");
  clock.advance(3_000);
  const whileRecording = recorder.elapsedMs.value;
  recorder.pause();
  clock.advance(60_000);
  recorder.resume();
  clock.advance(2_000);
  scene.events.grew(500);
  recorder.stop();
  const whileSaving = recorder.state.value.phase;
  const file = new Blob(["film"]);
  scene.events.ended(file);

  assert.equal(whileRecording, 3_000);
  assert.equal(recorder.elapsedMs.value, 5_000);
  assert.equal(whileSaving, "saving");
  assert.deepEqual(scene.did, ["pause", "resume", "stop"]);
  assert.deepEqual(scene.shown, [true, false]);
  assert.deepEqual(recorder.state.value, {
    phase: "saved",
    recording: { fileName: "film.webm", size: 500, file },
    fault: undefined,
  });
  assert.deepEqual(scene.saved, [["film.webm", file]]);
  assert.equal(clock.pending, 0);
});

Deno.test("Recorder names the file after the room and the time, safely", async () => {
  const scene = setUp();

  await scene.recorder.start("self");

  assert.equal(scene.wishes[0]!.scope, "self");
  assert.match(scene.wishes[0]!.title, /^Signalbox a_b \d{4}-\d\d-\d\d \d\d\.\d\d$/);
  scene.recorder.stop();
});

Deno.test("Recorder downloads nothing that is on disk already", async () => {
  const scene = setUp();
  await scene.recorder.start("self");
  scene.recorder.stop();

  scene.events.ended(undefined);
  scene.recorder.save();

  assert.equal(scene.recorder.state.value.phase, "saved");
  assert.deepEqual(scene.saved, []);
});

Deno.test("Recorder starts once, and shows no sign before it records", async () => {
  const scene = setUp();
  let choose: (running: RunningRecording | undefined) => void = () => {};
  scene.answer = () => new Promise((resolve) => choose = resolve);

  const started = scene.recorder.start("everyone");
  await scene.recorder.start("self");
  const shownBefore = [...scene.shown];
  choose(undefined);
  await started;

  assert.equal(scene.wishes.length, 1);
  assert.deepEqual(shownBefore, []);
  assert.deepEqual(scene.shown, []);
  assert.equal(scene.recorder.state.value.phase, "idle");
});

Deno.test("Recorder says why it cannot record", async () => {
  const scene = setUp();
  const faults = [new RecordingError("unsupported", "Cannot record"), new TypeError("A bug")];
  const phases = [];
  for (const fault of faults) {
    scene.answer = () => Promise.reject(fault);
    await scene.recorder.start("everyone");
    phases.push(scene.recorder.state.value);
  }

  assert.deepEqual(phases, [
    { phase: "failed", fault: "unsupported" },
    { phase: "failed", fault: "failed" },
  ]);
  assert.deepEqual(scene.shown, []);
});

Deno.test("Recorder keeps what there is when a recording breaks off", async () => {
  const scene = setUp();
  await scene.recorder.start("everyone");

  scene.events.interrupted("unwritable");
  scene.recorder.pause();
  scene.recorder.resume();
  const shown = [...scene.shown];
  scene.events.ended(new Blob(["half"]));

  const state = scene.recorder.state.value;
  assert.deepEqual(shown, [true, false]);
  assert.equal(state.phase === "saved" && state.fault, "unwritable");
  assert.equal(scene.saved.length, 1);
  assert.deepEqual(scene.did, []);
});

Deno.test("Recorder whose recording is lost says so and may start anew", async () => {
  const scene = setUp();
  await scene.recorder.start("everyone");
  scene.recorder.stop();

  scene.events.lost("unwritable");
  const state = scene.recorder.state.value;
  scene.recorder.dismiss();
  await scene.recorder.start("everyone");

  assert.deepEqual(state, { phase: "failed", fault: "unwritable" });
  assert.equal(scene.recorder.state.value.phase, "recording");
  assert.equal(scene.recorder.elapsedMs.value, 0);
  scene.recorder.stop();
});

Deno.test("Recorder.close saves what is under way, also what was just being started", async () => {
  const running = setUp();
  await running.recorder.start("everyone");
  const starting = setUp();
  let choose: (running: RunningRecording | undefined) => void = () => {};
  starting.answer = () => new Promise((resolve) => choose = resolve);
  const started = starting.recorder.start("everyone");

  running.recorder.close();
  running.recorder.close();
  starting.recorder.close();
  choose(starting.running);
  await started;
  await starting.recorder.start("everyone");

  assert.deepEqual([running.did, starting.did], [["stop"], ["stop"]]);
  assert.equal(starting.recorder.state.value.phase, "saving");
  assert.equal(starting.shown.at(-1), false);
  assert.equal(running.clock.pending + starting.clock.pending, 0);
});

function setUp() {
  const clock = new FakeClock();
  const did: string[] = [];
  const running: RunningRecording = {
    fileName: "film.webm",
    pause: () => did.push("pause"),
    resume: () => did.push("resume"),
    stop: () => did.push("stop"),
  };
  const scene = {
    clock,
    did,
    running,
    wishes: [] as RecordingWish[],
    shown: [] as boolean[],
    saved: [] as [string, Blob][],
    // Set when a recording starts, before any test uses it.
    events: undefined as unknown as RecordingEvents,
    answer: () => Promise.resolve<RunningRecording | undefined>(running),
  };
  const recorder = new Recorder({
    clock,
    roomName: "a:b",
    start(wish, events) {
      scene.wishes.push(wish);
      scene.events = events;
      return scene.answer();
    },
    save: (...saved) => scene.saved.push(saved),
    showState: (isRecording) => scene.shown.push(isRecording),
  });
  return Object.assign(scene, { recorder });
}
