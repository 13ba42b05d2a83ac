/** One source of relayed frames: when it is told of its viewers, and asked for key frames. */
import assert from "node:assert/strict";
import { type Outbound, Participant } from "../../src/rooms/mod.ts";
import { RelaySource } from "../../src/rooms/relay_source.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { userId } from "../support/messages.ts";

function makeSource() {
  const clock = new FakeClock();
  const delivered: Outbound[] = [];
  const deliver = (outbound: readonly Outbound[]) => delivered.push(...outbound);
  const source = new RelaySource(person("ann"), 7, { clock, deliver, maxFrameBytes: 1_000 });
  return { clock, delivered, source };
}

function person(user: string): Participant {
  return new Participant({ userId: userId(user), canRelay: true }, 0);
}

const typesOf = (outbound: readonly Outbound[]) => outbound.map(({ message }) => message.type);

Deno.test("[FR4] RelaySource tells what is wanted when it changes, the whole each time", () => {
  const { source, delivered } = makeSource();
  const [bob, cat] = [person("bob"), person("cat")];
  const nothing = { type: "relay-wanted", pictures: [], maxFrameBytes: 1_000 };

  const [first] = source.add(bob);
  assert.deepEqual(first, {
    to: [source.participant],
    message: { ...nothing, video: true, audio: true, viewers: 1 },
  });
  assert.deepEqual(source.tell(), []);
  source.add(cat);
  const watch = source.pictures.watch({
    width: 320,
    framesPerSecond: 5,
    received() {},
    ended() {},
  });
  const [third] = source.tell();
  const pictures = [{ pictureId: 1, width: 320, framesPerSecond: 5 }];
  assert.deepEqual(third?.message, { ...nothing, video: true, audio: true, pictures, viewers: 3 });
  source.delete(bob);
  source.delete(cat);
  watch.close();

  assert.deepEqual(delivered.map(({ message }) => message), [
    { ...nothing, video: false, audio: false, viewers: 0 },
  ]);
  assert.deepEqual(source.delete(cat), []);
});

Deno.test("[FR4] RelaySource.tellAgain repeats the last, and says nothing before there was one", () => {
  const { source } = makeSource();
  assert.deepEqual(source.tellAgain(), []);

  const [first] = source.add(person("bob"));

  assert.deepEqual(source.tellAgain(), [first]);
});

Deno.test("[FR2] RelaySource.add asks for a key frame for every viewer but the first", () => {
  const { source } = makeSource();
  const bob = person("bob");

  assert.deepEqual(typesOf(source.add(bob)), ["relay-wanted"]);
  assert.deepEqual(typesOf(source.add(bob)), ["relay-key-frame"]);
});

Deno.test("[FR5] RelaySource asks for a key frame at most twice a second, and once for many", () => {
  const { clock, delivered, source } = makeSource();
  source.add(person("bob"));

  assert.deepEqual(typesOf(source.askForKeyFrame()), ["relay-key-frame"]);
  for (let n = 0; n < 9; n++) assert.deepEqual(source.askForKeyFrame(), []);
  clock.advance(499);
  assert.deepEqual(typesOf(delivered), []);
  clock.advance(1);
  assert.deepEqual(typesOf(delivered), ["relay-key-frame"]);
  clock.advance(10_000);

  assert.deepEqual(typesOf(delivered), ["relay-key-frame"]);
  assert.equal(clock.pending, 0);
});

Deno.test("[FR5] RelaySource does not ask late for what nobody needs any more", () => {
  const { clock, delivered, source } = makeSource();
  const bob = person("bob");
  source.add(bob);
  source.askForKeyFrame();
  source.askForKeyFrame();

  source.viewers.get(bob)!.needsKeyFrame = false;
  clock.advance(500);

  assert.deepEqual(delivered, []);
});

Deno.test("[FR6] RelaySource.hasGap has everybody wait for a key frame", () => {
  const { source } = makeSource();
  const [bob, cat] = [person("bob"), person("cat")];
  assert.deepEqual(source.hasGap(), []);
  for (const viewer of [bob, cat]) source.add(viewer);
  for (const viewer of source.viewers.values()) viewer.needsKeyFrame = false;

  source.hasGap();

  assert.deepEqual([...source.viewers.values()].map((one) => one.needsKeyFrame), [true, true]);
});

Deno.test("[FR8] RelaySource.close leaves no viewer, no watch and no timer", () => {
  const { clock, source } = makeSource();
  const ended: string[] = [];
  source.add(person("bob"));
  source.pictures.watch({
    width: 320,
    framesPerSecond: 5,
    received() {},
    ended: (reason) => ended.push(reason),
  });
  source.askForKeyFrame();
  source.askForKeyFrame();

  source.close("kicked");
  source.close("kicked");

  assert.deepEqual([source.viewers.size, clock.pending, ended], [0, 0, ["kicked"]]);
});
