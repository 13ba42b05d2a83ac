/** Rooms that move because a member asks for it, and live rooms, which move later than others. */
import assert from "node:assert/strict";
import { MediaFixture } from "../support/media_fixture.ts";
import { hasCode } from "../support/room_fixture.ts";

const LATER_MS = 10_000;

Deno.test("[TO5] Room.media moves a room while a member wants it, until it says no or leaves", () => {
  const fixture = new MediaFixture();
  fixture.joinAll("ann", "bob");

  assert.deepEqual(fixture.wish("bob", true), ["ann,bob: topology sfu"]);
  assert.deepEqual(fixture.media.calls, ["add ann", "add bob"]);
  assert.deepEqual(fixture.wish("bob", true), []);
  assert.deepEqual(fixture.wish("ann", true), []);
  fixture.wish("bob", false);
  fixture.clock.advance(LATER_MS);
  assert.deepEqual(fixture.delivered(), []);

  fixture.leave("ann");
  fixture.clock.advance(LATER_MS);
  assert.deepEqual(fixture.delivered(), ["bob: topology mesh"]);
  assert.equal(fixture.join("ann").at(-1), "ann: joined mesh");
});

Deno.test("[TO5] Room.media refuses the wish of one who cannot, and where all is a mesh", () => {
  const fixture = new MediaFixture();
  fixture.join("old", { sfu: false });
  assert.throws(() => fixture.wish("old", true), hasCode("not-allowed"));

  for (const options of [{ isAvailable: false }, { topology: "mesh" }] as const) {
    const meshes = new MediaFixture(options);
    meshes.join("ann");
    assert.throws(() => meshes.wish("ann", true), hasCode("not-allowed"));
    assert.throws(() => meshes.wish("ann", false), hasCode("not-allowed"));
  }
});

Deno.test("[TO5] Room.media takes a wish where all is an SFU, and nothing changes", () => {
  const fixture = new MediaFixture({ topology: "sfu" });
  fixture.join("ann");

  assert.deepEqual([...fixture.wish("ann", true), ...fixture.wish("ann", false)], []);
});

Deno.test("[TO5] Room.media moves as soon as the one has left who cannot", () => {
  const fixture = new MediaFixture();
  fixture.joinAll("ann", "bob");
  fixture.join("old", { sfu: false });
  assert.deepEqual(fixture.wish("ann", true), []);

  assert.equal(fixture.leave("old").at(-1), "ann,bob: topology sfu");
});

Deno.test("[TO5] Room.join moves a live room with its sixth member", () => {
  const fixture = new MediaFixture();
  fixture.join("ann", { role: "broadcaster" });
  for (const viewer of ["1", "2", "3", "4"]) fixture.join(viewer, { role: "viewer" });

  assert.equal(fixture.join("5", { role: "viewer" }).at(-1), "5: joined sfu");
});
