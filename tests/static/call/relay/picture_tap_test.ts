/** Pictures of what is shown, while somebody wants them. */
import assert from "node:assert/strict";
import { PictureTap, REPEAT_MS } from "../../../../static/call/relay/picture_tap.ts";
import { FakeTrack } from "../../support/fake_peer_connection.ts";
import { FakePicture, FakeRelay } from "../../support/fake_relay.ts";

function setUp(): { relay: FakeRelay; tap: PictureTap; taken: number[]; track: MediaStreamTrack } {
  FakePicture.open = 0;
  const relay = new FakeRelay();
  const taken: number[] = [];
  const tap = new PictureTap(relay, (_picture, atUs) => taken.push(atUs));
  const track = new FakeTrack("video").asTrack;
  tap.setTrack(track);
  return { relay, tap, taken, track };
}

Deno.test("PictureTap reads nothing while nobody wants anything", () => {
  const { relay, tap, track } = setUp();

  const before = relay.reading.length;
  tap.setWanted(true);
  const meanwhile = relay.reading;
  tap.setWanted(false);

  assert.equal(before, 0);
  assert.deepEqual(meanwhile, [track]);
  assert.deepEqual(relay.reading, []);
});

Deno.test("PictureTap hands each picture on with its time, and the last one again while none comes", () => {
  const { relay, tap, taken, track } = setUp();
  tap.setWanted(true);

  relay.clock.advance(10);
  relay.show(track, new FakePicture(0));
  relay.clock.advance(REPEAT_MS);
  relay.clock.advance(REPEAT_MS);

  assert.deepEqual(taken, [10_000, 510_000, 1_010_000]);
  tap.close();
});

Deno.test("PictureTap closes each picture, and waits for nothing when it is ended", () => {
  const { relay, tap, track } = setUp();
  tap.setWanted(true);

  for (let n = 0; n < 5; n++) relay.show(track, new FakePicture(n * 33_000));
  const open = FakePicture.open;
  tap.close();
  relay.show(track, new FakePicture());

  assert.deepEqual([open, FakePicture.open, relay.clock.pending], [1, 0, 0]);
});

Deno.test("PictureTap goes on with another track", () => {
  const { relay, tap, taken, track } = setUp();
  tap.setWanted(true);
  relay.show(track, new FakePicture(0));
  const screen = new FakeTrack("video").asTrack;

  tap.setTrack(screen);
  relay.clock.advance(2 * REPEAT_MS);
  relay.show(screen, new FakePicture(7));

  assert.deepEqual(relay.reading, [screen]);
  assert.deepEqual(taken, [0, 1_000_000]);
  tap.close();
});
