/** Who hears what of streams through the server. */
import assert from "node:assert/strict";
import { MAX_BAD_FRAMES } from "../../../src/media/data/data_end.ts";
import { BASE_BYTES } from "../../../src/media/data/flow.ts";
import { MAX_FRAGMENT_BYTES, MAX_STREAMS } from "../../../src/protocol/mod.ts";
import { DataRoom } from "../../support/data_room.ts";

Deno.test("[DC2] a stream is offered under its sender's name, and agreed on by credit", () => {
  const { ann, bob } = setUp();

  ann.say(bob, { type: "open", label: "file:1" });
  assert.deepEqual(bob.story(), ['open ann/1 "file:1"']);
  assert.deepEqual(ann.story(), []);

  bob.say(ann, { type: "credit", isOpener: false });
  assert.deepEqual(ann.story(), [`credit bob/1* ${BASE_BYTES}`]);
});

Deno.test("[DC2] a stream to nobody, to oneself or to somebody of another room is refused", () => {
  const { room, ann } = setUp();
  const other = new DataRoom().join("eve");

  for (const to of ["nobody", "ann", "eve", "__proto__"]) ann.say(to, { type: "open" });

  assert.deepEqual(ann.story(), [
    "close nobody/1* no-such-participant",
    "close ann/1* no-such-participant",
    "close eve/1* no-such-participant",
    "close __proto__/1* no-such-participant",
  ]);
  assert.deepEqual(other.story(), []);
  room.relay.close();
});

Deno.test("[DC2] both sides may use the same number", () => {
  const { ann, bob } = setUp();
  ann.open(bob);
  bob.open(ann);

  ann.send(bob, 1);
  ann.send(bob, 2, { isOpener: false });

  assert.deepEqual(bob.story().filter((one) => one.startsWith("data")), [
    "data ann/1 1",
    "data ann/1* 2",
  ]);
});

Deno.test("[DC2] a number that is in use ends the stream that has it", () => {
  const { ann, bob } = setUp();
  ann.open(bob);

  ann.say(bob, { type: "open" });

  assert.deepEqual([ann.story(), bob.story()], [["close bob/1* protocol"], [
    "close ann/1 protocol",
  ]]);
  assert.deepEqual([ann.end.streams, bob.end.streams], [0, 0]);
});

Deno.test("[DC2] nobody opens a stream in another's name", () => {
  const { ann, bob } = setUp();

  ann.say(bob, { type: "open", isOpener: false });

  assert.deepEqual([ann.story(), bob.story()], [[], []]);
});

Deno.test("[DC3] fragments arrive as they are, in order", () => {
  const { ann, bob } = setUp();
  ann.open(bob);

  ann.send(bob, 3, { isLast: false });
  ann.send(bob, 2);
  ann.send(bob, 1, { isText: true });
  bob.send(ann, 4, { isOpener: false });

  const data = (story: string[]) => story.filter((one) => one.startsWith("data"));
  assert.deepEqual(data(bob.story()), ["data ann/1 3...", "data ann/1 2", "data ann/1 1 text"]);
  assert.deepEqual(data(ann.story()), ["data bob/1* 4"]);
});

Deno.test("[DC3] a message that is too long ends the stream, a full one does not", () => {
  const { ann, bob } = setUp();
  ann.open(bob);
  for (let n = 0; n < 3; n++) ann.send(bob, MAX_FRAGMENT_BYTES, { isLast: false });
  ann.send(bob, MAX_FRAGMENT_BYTES);
  assert.equal(bob.end.streams, 1);

  for (let n = 0; n < 4; n++) ann.send(bob, MAX_FRAGMENT_BYTES, { isLast: false });
  ann.send(bob, 1);

  assert.equal(ann.story().at(-1), "close bob/1* protocol");
  assert.equal(bob.story().at(-1), "close ann/1 protocol");
});

Deno.test("[DC5] a participant has 32 streams, whoever opened them", () => {
  const { room, ann, bob } = setUp();
  const eve = room.join("eve");
  for (let n = 1; n <= MAX_STREAMS / 2; n++) {
    ann.open(bob, n);
    bob.open(eve, n);
  }

  ann.say(bob, { type: "open", streamId: 99 });
  bob.say(ann, { type: "open", streamId: 98 });
  assert.equal(ann.story().at(-1), "close bob/99* too-many-streams");
  assert.equal(bob.story().at(-1), "close ann/98* too-many-streams");

  ann.say(bob, { type: "close", streamId: 1 });
  ann.say(bob, { type: "open", streamId: 100 });
  assert.equal(bob.story().at(-1), 'open ann/100 "a"');
});

Deno.test("[DC6] close tells the other side, and what comes after it is ignored", () => {
  const { ann, bob } = setUp();
  ann.open(bob);
  ann.send(bob, 5);

  ann.say(bob, { type: "close" });
  bob.say(ann, { type: "data", isOpener: false });
  bob.say(ann, { type: "credit", isOpener: false });
  ann.send(bob, 1);

  assert.deepEqual(bob.story(), ["data ann/1 5", "close ann/1 closed"]);
  assert.deepEqual(ann.story().filter((one) => !one.startsWith("credit")), []);
  assert.deepEqual([ann.end.streams, bob.end.streams], [0, 0]);
});

Deno.test("[DC6] close arrives behind what was sent before it", () => {
  const { ann, bob } = setUp();
  ann.open(bob);
  bob.bufferedAmount = 2 ** 20;
  ann.send(bob, 5);
  ann.say(bob, { type: "close" });
  assert.deepEqual(bob.story(), []);

  bob.take();

  assert.deepEqual(bob.story(), ["data ann/1 5", "close ann/1 closed"]);
});

Deno.test("[DC6] whose connection ends, or is another, loses its streams", () => {
  const { room, ann, bob } = setUp();
  ann.open(bob);
  bob.open(ann, 7);

  const again = room.join("ann");
  assert.deepEqual(bob.story(), ["close ann/1 gone", "close ann/7* gone"]);

  ann.send(bob, 1);
  ann.end.close();
  bob.say("ann", { type: "open", streamId: 8 });
  assert.deepEqual([ann.story(), bob.story(), again.story()], [[], [], ['open bob/8 "a"']]);
});

Deno.test("[DC6] a participant who left is one who is not there", () => {
  const { ann, bob } = setUp();
  ann.open(bob);

  bob.end.close();
  bob.end.close();
  ann.say(bob, { type: "open", streamId: 2 });

  assert.deepEqual(ann.story(), ["close bob/1* gone", "close bob/2* no-such-participant"]);
});

Deno.test("DataRelay.close ends everything, and leaves no timer", () => {
  const { room, ann, bob } = setUp();
  ann.open(bob);
  bob.hasChannel = false;
  ann.send(bob, 5);
  assert.equal(room.clock.pending, 1);

  room.relay.close();
  room.relay.close();
  ann.send(bob, 1);
  ann.end.drained();

  assert.equal(room.clock.pending, 0);
  assert.deepEqual([ann.end.streams, bob.end.streams], [0, 0]);
});

Deno.test("[DC1] what is no frame is ignored, and 100 in a row end it", () => {
  const { ann, bob } = setUp();
  ann.open(bob);
  const bad = (count: number) => {
    for (let n = 0; n < count; n++) ann.end.receive(Uint8Array.of(1, 2, 3));
  };

  bad(MAX_BAD_FRAMES - 1);
  ann.send(bob, 5);
  bad(MAX_BAD_FRAMES - 1);
  assert.deepEqual(bob.story(), ["data ann/1 5"]);

  bad(1);
  ann.send(bob, 6);
  assert.deepEqual(bob.story(), ["close ann/1 gone"]);
});

Deno.test("[DC2] refusals that nobody takes are bounded", () => {
  const { ann } = setUp();
  ann.hasChannel = false;
  for (let n = 0; n < 1_000; n++) ann.say("nobody", { type: "open", streamId: n });

  ann.hasChannel = true;
  ann.take();

  assert.equal(ann.story().length, 64);
});

function setUp() {
  const room = new DataRoom();
  return { room, ann: room.join("ann"), bob: room.join("bob") };
}
