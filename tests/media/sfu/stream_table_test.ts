/** Streams are told by what was agreed on, and by what their first packets say. */
import assert from "node:assert/strict";
import { StreamTable } from "../../../src/media/sfu/stream_table.ts";
import { CAMERA, MICROPHONE, packetOf, publicationOf, SCREEN } from "../support/published_media.ts";

const { payloadType } = CAMERA.codec;
const rtxPayloadType = 101;

function makeTable() {
  const table = new StreamTable();
  const camera = publicationOf(CAMERA, "camera");
  const screen = publicationOf(SCREEN, "screen");
  table.follow([camera, screen], [CAMERA, SCREEN, MICROPHONE]);
  return { table, camera, screen };
}

Deno.test("StreamTable knows what the description declares, with what repairs it", () => {
  const { table, screen } = makeTable();

  const [own, repair] = [table.find(600), table.find(601)];

  assert.deepEqual([own?.publication, own?.isRepair], [screen, false]);
  assert.deepEqual([repair?.layer, repair?.isRepair], [own?.layer, true]);
  assert.equal(table.find(500), undefined, "nobody publishes the microphone");
});

Deno.test("StreamTable learns layers and their repair by the names in packets, and remembers them", () => {
  const { table, camera } = makeTable();

  const low = table.of(packetOf({ ssrc: 10, payloadType, mid: "1", rid: "l" }));
  const repair = table.of(
    packetOf({ ssrc: 11, payloadType: rtxPayloadType, mid: "1", repairedRid: "l" }),
  );

  assert.deepEqual([low?.publication, low?.layer.rid, low?.isRepair], [camera, "l", false]);
  assert.deepEqual([repair?.layer, repair?.isRepair], [low?.layer, true]);
  assert.equal(table.of(packetOf({ ssrc: 10, payloadType })), low, "without its names");
});

Deno.test("StreamTable takes no stream that was not agreed on", () => {
  const { table } = makeTable();
  const strangers: Omit<Parameters<typeof packetOf>[0], "ssrc">[] = [
    { payloadType },
    { payloadType, mid: "9", rid: "l" },
    { payloadType, mid: "1", rid: "x" },
    { payloadType, mid: "1" },
    { payloadType: 99, mid: "1", rid: "l" },
    { payloadType, mid: "0" },
    // It repeats what nobody has heard of.
    { payloadType: rtxPayloadType, mid: "1", repairedRid: "h" },
  ];

  for (const names of strangers) {
    assert.equal(table.of(packetOf({ ssrc: 20, ...names })), undefined, JSON.stringify(names));
  }
  assert.equal(table.find(20), undefined);
});

Deno.test("StreamTable.follow forgets what is not published any more, and keeps the rest", () => {
  const { table, camera } = makeTable();
  const before = table.of(packetOf({ ssrc: 10, payloadType, mid: "1", rid: "h" }));
  const anew = { ...CAMERA, codec: { ...CAMERA.codec, rtxPayloadType: 120 } };

  table.follow([camera], [anew, SCREEN]);

  assert.equal(table.find(600), undefined);
  assert.deepEqual([table.find(10)?.layer, table.find(10)?.media], [before?.layer, anew]);
});

Deno.test("StreamTable.delete and clear let a stream begin anew", () => {
  const { table } = makeTable();
  const names = { ssrc: 10, payloadType, mid: "1", rid: "l" };
  table.of(packetOf(names));

  table.delete(10);
  assert.equal(table.of(packetOf({ ssrc: 10, payloadType })), undefined);
  assert.ok(table.of(packetOf(names)));
  table.clear();

  assert.deepEqual([table.find(10), table.find(600)], [undefined, undefined]);
});

Deno.test("StreamTable holds so many streams and no more", () => {
  const { table } = makeTable();

  for (let ssrc = 1_000; ssrc < 1_100; ssrc++) {
    table.of(packetOf({ ssrc, payloadType, mid: "1", rid: "l" }));
  }

  const known = Array.from({ length: 100 }, (_, n) => table.find(1_000 + n))
    .filter((stream) => stream !== undefined);
  assert.equal(known.length, 62, "64 with the screen and its repair");
  assert.ok(table.find(600));
});
