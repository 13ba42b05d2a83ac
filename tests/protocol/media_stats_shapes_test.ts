/** What the server counts, as shapes of the wire. */
import assert from "node:assert/strict";
import { Compile } from "typebox/compile";
import {
  LayerCountersSchema,
  PublishedCountersSchema,
  ReceivedCountersSchema,
} from "../../src/protocol/media_stats_shapes.ts";

const counters = { packets: 0, bytes: 0, lost: 0, nacks: 0, plis: 0, retransmitted: 0 };
const layer = { rid: "", bitrateKbps: 0.5, width: 0, height: 0, ...counters };
const published = { trackId: "1", source: "screen-sound", codec: "opus", layers: [layer] };
const received = {
  ...{ trackId: "1", userId: "ann", source: "screen", rid: "q", height: 180, paused: false },
  ...{ bitrateKbps: 90, roundTripMs: 0, ...counters },
};

Deno.test("[MS1] the shapes of counters take whole numbers from 0 on, of each kind", () => {
  for (
    const [schema, good] of [
      [LayerCountersSchema, layer],
      [PublishedCountersSchema, published],
      [ReceivedCountersSchema, received],
    ] as const
  ) {
    const validator = Compile(schema);
    assert.equal(validator.Check(good), true);
    for (const name of Object.keys(good)) {
      const rest: Record<string, unknown> = Object.fromEntries(
        Object.entries(good).filter(([key]) => key !== name),
      );
      assert.equal(validator.Check(rest), false, `without ${name}`);
    }
  }
  for (const name of Object.keys(counters)) {
    for (const bad of [-1, 0.5, "1", null]) {
      assert.ok(!Compile(LayerCountersSchema).Check({ ...layer, [name]: bad }), `${name} ${bad}`);
      assert.ok(!Compile(ReceivedCountersSchema).Check({ ...received, [name]: bad }));
    }
  }
});
