/** When one way of travelling may take another's place. */
import assert from "node:assert/strict";
import { Handover, PATIENCE_MS, QUIET_MS, type Standing } from "../../../static/call/handover.ts";
import type { Progress } from "../../../static/call/progress.ts";
import type { LinkState } from "../../../static/call/transport.ts";
import { user } from "../support/call_fixture.ts";

const ann = user("ann");

/** At so many milliseconds, what had come on the old way and on the new one, and whether it is time. */
type Look = [at: number, old: Progress | LinkState, next: Progress | LinkState, isReady: boolean];
const stories: [title: string, looks: Look[]][] = [
  ["a picture and a voice", [
    [0, { microphone: 90, camera: 50 }, "connecting", false],
    [100, { microphone: 95, camera: 53 }, {}, false],
    [200, { microphone: 100, camera: 56 }, { microphone: 4 }, false],
    [300, { microphone: 105, camera: 59 }, { microphone: 9, camera: 1 }, true],
  ]],
  ["a voice alone", [
    [0, { microphone: 90 }, {}, false],
    [100, { microphone: 95 }, { microphone: 1 }, true],
  ]],
  ["a picture that did not come on the new way by now, and a share that did", [
    [0, { camera: 3, screen: 7 }, {}, false],
    [100, { camera: 4, screen: 8 }, { screen: 1 }, false],
  ]],
  ["nothing that ever came", [[0, {}, {}, true]]],
  ["nothing that ever came, and a new way that nobody needs", [[
    0,
    { camera: 0 },
    "waiting",
    true,
  ]]],
  ["an old way that is not there yet", [[0, "connecting", {}, true]]],
  ["an old way that broke down", [
    [0, { camera: 9 }, {}, false],
    [100, "interrupted", {}, true],
  ]],
  ["a new way that is not there", [
    [0, { camera: 50 }, "connecting", false],
    [100, "interrupted", "connecting", false],
    [100_000, "interrupted", "failed", false],
  ]],
  ["a camera that was off all the time", [
    [0, { microphone: 90, camera: 50 }, { microphone: 1 }, false],
    [QUIET_MS - 100, { microphone: 160, camera: 50 }, { microphone: 70 }, false],
    [QUIET_MS, { microphone: 165, camera: 50 }, { microphone: 75 }, true],
  ]],
  ["a camera that goes on late", [
    [0, { camera: 50 }, {}, false],
    [QUIET_MS - 100, { camera: 51 }, {}, false],
    [QUIET_MS, { camera: 52 }, {}, false],
    [QUIET_MS + 100, { camera: 53 }, { camera: 1 }, true],
  ]],
  ["patience that ends", [
    [0, { camera: 50 }, "connecting", false],
    [1_000, { camera: 60 }, {}, false],
    [1_000 + PATIENCE_MS - 1, { camera: 99 }, {}, false],
    [1_000 + PATIENCE_MS, { camera: 99 }, {}, true],
  ]],
  ["patience that begins anew with the connection", [
    [0, { camera: 50 }, {}, false],
    [3_000, { camera: 60 }, "interrupted", false],
    [3_500, { camera: 65 }, {}, false],
    [3_000 + PATIENCE_MS, { camera: 99 }, {}, false],
    [3_500 + PATIENCE_MS, { camera: 120 }, {}, true],
  ]],
  ["a new way that had been used before", [
    [0, { camera: 50 }, { camera: 700 }, false],
    [100, { camera: 53 }, { camera: 700 }, false],
    [200, { camera: 56 }, { camera: 701 }, true],
  ]],
];

for (const [title, looks] of stories) {
  Deno.test(`Handover with ${title}`, () => {
    const handover = new Handover();

    const seen = looks.map(([at, old, next]) =>
      handover.isReady(ann, at, { old: standing(old), next: standing(next) })
    );

    assert.deepEqual(seen, looks.map(([, , , isReady]) => isReady));
  });
}

Deno.test("Handover tells participants apart", () => {
  const handover = new Handover();
  const [old, next] = [standing({ camera: 5 }), standing({ camera: 1 })];
  handover.isReady(ann, 0, { old, next: standing({}) });

  const seen = [ann, user("bob")].map((one) => handover.isReady(one, 100, { old, next }));

  assert.deepEqual(seen, [true, false]);
});

function standing(now: Progress | LinkState): Standing {
  return typeof now === "string"
    ? { state: now, progress: {} }
    : { state: "connected", progress: now };
}
