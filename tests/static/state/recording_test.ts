/** The recording's states: every state with every event, and the time without the pauses. */
import assert from "node:assert/strict";
import {
  isActive,
  recordedMs,
  type RecordingEvent,
  type RecordingState,
  reduceRecording,
} from "../../../static/state/recording.ts";

const recording = { fileName: "a.webm", size: 5, file: undefined };
const states: Record<RecordingState["phase"], RecordingState> = {
  idle: { phase: "idle" },
  starting: { phase: "starting", scope: "self" },
  recording: { phase: "recording", scope: "self", recordedMs: 1_000, since: 5_000 },
  paused: { phase: "paused", scope: "self", recordedMs: 1_000 },
  saving: { phase: "saving", recordedMs: 1_000, fault: "unwritable" },
  saved: { phase: "saved", recording, fault: "unwritable" },
  failed: { phase: "failed", fault: "failed" },
};
const at = 7_000;
const events: Record<RecordingEvent["type"], RecordingEvent> = {
  start: { type: "start", scope: "everyone" },
  started: { type: "started", at },
  refused: { type: "refused" },
  pause: { type: "pause", at },
  resume: { type: "resume", at },
  stop: { type: "stop", at },
  interrupted: { type: "interrupted", at, fault: "failed" },
  saved: { type: "saved", recording },
  failed: { type: "failed", fault: "unsupported" },
  dismiss: { type: "dismiss" },
};
/** What follows; what is not named leaves the state as it is. */
const table: Record<
  RecordingState["phase"],
  { [event in RecordingEvent["type"]]?: RecordingState }
> = {
  idle: { start: { phase: "starting", scope: "everyone" } },
  starting: {
    started: { phase: "recording", scope: "self", recordedMs: 0, since: at },
    refused: { phase: "idle" },
    failed: { phase: "failed", fault: "unsupported" },
  },
  recording: {
    pause: { phase: "paused", scope: "self", recordedMs: 3_000 },
    stop: { phase: "saving", recordedMs: 3_000, fault: undefined },
    interrupted: { phase: "saving", recordedMs: 3_000, fault: "failed" },
  },
  paused: {
    resume: { phase: "recording", scope: "self", recordedMs: 1_000, since: at },
    stop: { phase: "saving", recordedMs: 1_000, fault: undefined },
    interrupted: { phase: "saving", recordedMs: 1_000, fault: "failed" },
  },
  saving: {
    saved: { phase: "saved", recording, fault: "unwritable" },
    failed: { phase: "failed", fault: "unsupported" },
  },
  saved: {
    start: { phase: "starting", scope: "everyone" },
    dismiss: { phase: "idle" },
  },
  failed: {
    start: { phase: "starting", scope: "everyone" },
    dismiss: { phase: "idle" },
  },
};

for (const state of Object.values(states)) {
  for (const event of Object.values(events)) {
    const expected = table[state.phase][event.type];
    const what = expected === undefined ? "stays" : `becomes ${expected.phase}`;
    Deno.test(`reduceRecording: ${state.phase} on ${event.type} ${what}`, () => {
      const next = reduceRecording(state, event);

      if (expected === undefined) assert.equal(next, state);
      else assert.deepEqual(next, expected);
    });
  }
}

Deno.test("recordedMs counts what is recorded, not the pauses", () => {
  const times = Object.values(states).map((state) => recordedMs(state, at));

  assert.deepEqual(times, [0, 0, 3_000, 1_000, 1_000, 0, 0]);
});

Deno.test("isActive is true while the others are to see the sign", () => {
  const active = Object.values(states).filter(isActive).map(({ phase }) => phase);

  assert.deepEqual(active, ["recording", "paused"]);
});
