/** The step of a run that has media, against the SFU itself without a network. */
import assert from "node:assert/strict";
import { carryMedia, type MediaContext, withMedia } from "../../../cli/scenarios/carry_media.ts";
import type { Phase } from "../../../cli/scenarios/progress.ts";
import { findScenario } from "../../../cli/scenarios/table.ts";
import { Interrupted, Stalled } from "../../../cli/scenarios/waiting.ts";
import { type LabOptions, MediaRoomLab } from "../../support/media_room_lab.ts";

function phaseOf(): Phase {
  return { name: "media", state: "running", total: 0, done: 0, ms: 0, note: "" };
}

function contextOf(lab: MediaRoomLab, signal = new AbortController().signal): MediaContext {
  const settings = {
    ...{ scenario: "verify", users: 4, rooms: 1, room: "test", holdMs: 0, churn: 0, dropRatio: 0 },
    ...{ seed: 1, timeoutMs: 3_000 },
  };
  return { clock: lab.clock, run: lab.run, signal, settings };
}

/** Runs the step with so many users, who hear that their media go through the server. */
async function carry(
  count: number,
  options: LabOptions = {},
): Promise<{ lab: MediaRoomLab; phase: Phase }> {
  const lab = new MediaRoomLab(options);
  for (let n = 1; n <= count; n++) {
    lab.join(`user-${n}`).receive({ type: "topology", topology: "sfu" });
  }
  const phase = phaseOf();
  await lab.passUntil(carryMedia(lab.media, contextOf(lab), phase));
  lab.room.close();
  return { lab, phase };
}

Deno.test("withMedia puts the step behind the joins", () => {
  const lab = new MediaRoomLab();

  const steps = withMedia(findScenario("verify")!.steps, lab.media);

  assert.deepEqual(steps.map(({ name }) => name), [
    ...["connect", "join", "media", "chat", "hold", "leave", "gone"],
  ]);
});

Deno.test("[PB3, SB3, SB4] carryMedia has users publish, pause and restart, and all is verified", async () => {
  const { lab, phase } = await carry(4, { settings: { lossRatio: 0.01 } });

  assert.deepEqual(lab.found, []);
  assert.ok(lab.media.outcome.pairs.every(({ verdict }) => verdict === "verified"));
  const { tally } = lab.run;
  assert.deepEqual(["PB1", "SB3", "SB4"].map((rule) => tally.of(rule)), [12, 1, 1]);
  // Two cameras in between, and in the end eight tracks and the same two once more.
  assert.equal(tally.of("PB3"), 2 + 10);
  assert.deepEqual([phase.done, phase.total, phase.note], [1_000, 1_000, ""]);
  assert.equal(lab.clock.pending, 0);
});

Deno.test("carryMedia has users take turns with the pictures of a large room, so that all see all", async () => {
  const { lab } = await carry(20, { settings: { videoKbps: undefined } });

  assert.deepEqual(lab.found, []);
  const { pairs } = lab.media.outcome;
  assert.equal(pairs.length, 380);
  assert.ok(pairs.every(({ verdict }) => verdict === "verified"));
});

Deno.test("carryMedia names who gets nothing of whom, and looks at the others all the same", async () => {
  const { lab } = await carry(3, {
    said: (message, to) =>
      to === "user-2" && message.type === "subscription-offer" ? undefined : message,
  });

  const named = lab.findings.filter(({ rule }) => rule === "PB3")
    .map(({ userId, message }) => `${userId} ${message}`).toSorted();
  assert.deepEqual(named, [
    ...["user-2 camera of user-1", "user-2 camera of user-3"],
    ...["user-2 microphone of user-1", "user-2 microphone of user-3"],
  ]);
  const verdicts = lab.media.outcome.pairs.map(({ subscriber, verdict }) => [subscriber, verdict]);
  assert.ok(
    verdicts.every(([subscriber, verdict]) =>
      verdict === (subscriber === "user-2" ? "missing" : "verified")
    ),
  );
});

Deno.test("[PB3] carryMedia finds that nobody is told of an end", async () => {
  const { lab } = await carry(3, {
    said: (message) => message.type === "track-unpublished" ? undefined : message,
  });

  assert.ok(lab.found.includes("PB3: track-unpublished"), lab.found.join());
});

Deno.test("[TO2] carryMedia cannot go on in a room that does not move to the server", async () => {
  const lab = new MediaRoomLab();
  lab.join("user-1").receive({ type: "topology", topology: "sfu" });
  lab.join("user-2").receive({ type: "topology", topology: "mesh" });

  await assert.rejects(
    lab.passUntil(carryMedia(lab.media, contextOf(lab), phaseOf())),
    (error) => error instanceof Stalled && /user-2 hears of no media/.test(error.message),
  );

  assert.deepEqual(lab.findings.map(({ rule, userId, seen }) => [rule, userId, seen]), [
    ["TO2", "user-2", "mesh"],
  ]);
  lab.media.close();
  lab.room.close();
  assert.equal(lab.clock.pending, 0);
});

Deno.test("carryMedia ends when the run is told to stop", async () => {
  const lab = new MediaRoomLab();
  for (const userId of ["user-1", "user-2"]) {
    lab.join(userId).receive({ type: "topology", topology: "sfu" });
  }
  const controller = new AbortController();
  const carried = carryMedia(lab.media, contextOf(lab, controller.signal), phaseOf());
  await lab.pass(2_000);

  controller.abort();

  await assert.rejects(lab.passUntil(carried), Interrupted);
  lab.media.close();
  lab.room.close();
  assert.deepEqual(lab.found, []);
  assert.equal(lab.clock.pending, 0);
});
