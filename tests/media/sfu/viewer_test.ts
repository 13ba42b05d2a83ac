/** A receiver with m-lines of its own gets what fits into them, by its own numbers. */
import assert from "node:assert/strict";
import { MediaError } from "../../../src/media/port.ts";
import { OFFERED, offerOf } from "../support/descriptions.ts";
import { id, KEY, media, picture, RoomBench, sound } from "../support/room_bench.ts";

const WANTED = [
  { mid: "x", kind: "audio", direction: "recvonly" },
  { mid: "y", kind: "video", direction: "recvonly" },
] as const;

function watch(bench: RoomBench, from?: string) {
  const { sdp } = bench.room.view(id("eve"), {
    sdp: offerOf("viewereve", WANTED),
    ...(from === undefined ? {} : { from: id(from) }),
  });
  const transport = bench.transports.to("viewereve");
  transport.open();
  return { sdp, transport };
}

Deno.test("Viewer is sent what is published, by the numbers of its own offer", () => {
  const bench = new RoomBench();
  bench.join("ann", "eve");
  const ann = bench.publish("ann");
  ann.receive(sound(1));
  ann.receive(picture(1, KEY));

  const { sdp, transport } = watch(bench);
  bench.clock.advance(50);
  ann.receive(sound(2));
  ann.receive(picture(2, KEY));

  assert.match(sdp, /m=video \d+ UDP\/TLS\/RTP\/SAVPF 96 97\r\n/);
  assert.match(sdp, /a=sendonly/);
  const packets = media(transport);
  assert.deepEqual(packets.map(({ payloadType }) => payloadType), [OFFERED.opus, OFFERED.vp8]);
  // It offered no time of sending, so there is none.
  assert.deepEqual(packets.map(({ extensionStart }) => extensionStart), [0, 0]);
});

Deno.test("Viewer of one participant is sent nothing of another", () => {
  const bench = new RoomBench();
  bench.join("ann", "bob", "eve");
  const ann = bench.publish("ann");
  const bob = bench.publish("bob");
  ann.receive(picture(1, KEY));
  bob.receive(picture(1, KEY));

  const { transport } = watch(bench, "bob");
  bench.clock.advance(50);
  ann.receive(picture(2, KEY));
  assert.deepEqual(media(transport), []);
  bob.receive(picture(2, KEY));

  assert.equal(media(transport).length, 1);
});

Deno.test("Viewer that is there before anybody publishes gets it when it comes", () => {
  const bench = new RoomBench();
  bench.join("ann", "eve");
  const { transport } = watch(bench);

  const ann = bench.publish("ann");
  ann.receive(picture(1, KEY));
  bench.clock.advance(600);
  ann.receive(picture(2, KEY));

  assert.equal(media(transport).length, 1);
  assert.ok(!bench.taken().some((line) => line.startsWith("offer eve")));
});

Deno.test("Viewer that is lost is told of, and nothing more is sent to it", () => {
  const bench = new RoomBench();
  bench.join("ann", "eve");
  const { transport } = watch(bench);
  bench.taken();

  transport.fail();

  assert.deepEqual(bench.taken(), ["lost eve subscriber"]);
  bench.room.removeParticipant(id("eve"));
  assert.deepEqual(bench.taken(), []);
});

Deno.test("Viewer cannot bring what cannot be answered, and its participant stays as it was", () => {
  const bench = new RoomBench();
  bench.join("ann", "eve");

  for (const sdp of ["", "v=0\r\n", offerOf("viewereve", [{ mid: "0", kind: "audio" }])]) {
    assert.throws(
      () => bench.room.view(id("eve"), { sdp }),
      (error) => error instanceof MediaError && error.code === "bad-description",
    );
  }
  bench.publish("ann");
  assert.ok(bench.taken().some((line) => line.startsWith("offer eve 1")));
});
