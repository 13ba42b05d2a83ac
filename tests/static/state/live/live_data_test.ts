/** What the pages of a live room tell each other: ours, or nothing. */
import assert from "node:assert/strict";
import { parseUserId } from "../../../../static/state/ids.ts";
import {
  broadcastingPayload,
  liveDataIn,
  mutedPayload,
  type Sent,
  type Watched,
  watchingPayload,
} from "../../../../static/state/live/live_data.ts";

const watched: Watched = {
  ...{ path: "sfu", framesPerSecond: 24, height: 720, kbps: 900, loss: 0.01 },
  ...{ roundTripMs: 30, codec: "VP9" },
};
const sent: Sent = { limitedBy: "cpu", framesPerSecond: 30, height: 1080, captured: 30 };

/** As the wire brings it. */
function carried(payload: unknown): unknown {
  return JSON.parse(JSON.stringify(payload));
}

Deno.test("[DA1] liveDataIn reads what a viewer says of how it sees", () => {
  assert.deepEqual(liveDataIn(carried(watchingPayload(watched))), { kind: "watching", watched });
});

Deno.test("[DA1] liveDataIn reads what the broadcaster says of how it sends", () => {
  assert.deepEqual(liveDataIn(carried(broadcastingPayload(sent))), { kind: "broadcasting", sent });
});

Deno.test("[DA1] liveDataIn reads who is muted, and passes over what is no user id", () => {
  const ann = parseUserId("ann")!;

  const good = liveDataIn(carried(mutedPayload([ann])));
  const odd = liveDataIn({ kind: "muted", userIds: ["ann", 7, "no id!", null] });

  assert.deepEqual([good, odd], [
    { kind: "muted", userIds: ["ann"] },
    { kind: "muted", userIds: ["ann"] },
  ]);
});

Deno.test("liveDataIn takes no number that is none, and no path that there is not", () => {
  const data = liveDataIn({
    ...{ kind: "watching", path: "pigeon", framesPerSecond: "30", height: -4, kbps: NaN },
    ...{ loss: 7, roundTripMs: null, codec: "x".repeat(200) },
  });

  assert.deepEqual(data, {
    kind: "watching",
    watched: {
      ...{ path: undefined, framesPerSecond: 0, height: 0, kbps: 0, loss: 1, roundTripMs: 0 },
      codec: "x".repeat(16),
    },
  });
});

for (
  const payload of [
    ...[undefined, null, "watching", [], {}],
    ...[{ kind: "reaction", emoji: "👍" }, { kind: "muted" }, { kind: "muted", userIds: "ann" }],
  ]
) {
  Deno.test(`liveDataIn finds nothing of ours in ${JSON.stringify(payload)}`, () => {
    assert.equal(liveDataIn(payload), undefined);
  });
}
