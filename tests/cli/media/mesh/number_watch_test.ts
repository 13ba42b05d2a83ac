/** What a receiver without a decoder knows of a test pattern. */
import assert from "node:assert/strict";
import { NumberWatch } from "../../../../cli/media/mesh/number_watch.ts";
import type { Followed } from "../../../../cli/media/received/followed_tracks.ts";
import { PatternPackets, readPacket } from "../../../support/pattern_packets.ts";

const ann: Followed = { userId: "ann", source: "camera", wantKeyFrame() {} };

Deno.test("NumberWatch knows which frames are missing, those that came late not among them", () => {
  const delays: number[] = [];
  const watch = new NumberWatch({ epochOf: (at) => at, delayed: (ms) => delays.push(ms) });
  const pattern = new PatternPackets();
  const late: Uint8Array[] = [];
  for (let at = 0; at < 1_000; at += 40) {
    const packets = pattern.at(at);
    if (at === 200 || at === 240) late.push(...packets);
    else for (const bytes of packets) watch.packet(ann, "H264", readPacket(bytes), at + 5);
  }
  assert.equal(watch.missingOf("ann"), 2);

  watch.packet(ann, "H264", readPacket(late[0]!), 500);
  watch.packet(ann, "H264", readPacket(late[0]!), 510);

  assert.equal(watch.missingOf("ann"), 1);
  assert.equal(watch.of("ann").numbers.size, 24);
  assert.deepEqual([delays[0], delays.at(-1), delays.length], [5, 300, 24]);
});

Deno.test("NumberWatch counts the sound, and knows nobody of whom nothing came", () => {
  const watch = new NumberWatch({ epochOf: (at) => at, delayed() {} });
  const [bytes] = new PatternPackets().at(0);
  watch.packet({ ...ann, source: "microphone" }, "opus", readPacket(bytes!), 0);

  assert.deepEqual([watch.of("ann").sound, watch.of("ann").picture], [1, 0]);
  assert.equal(watch.missingOf("bob"), 0);
});
