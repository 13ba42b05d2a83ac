/** The wall of streams: when it asks, what moves, and what people choose. */
import assert from "node:assert/strict";
import {
  type Stream,
  type StreamRights,
  type StreamsAnswer,
  USUAL_CHOICE,
} from "../../../static/state/streams.ts";
import { MAX_MOVING, REFRESH_MS, StreamsWall } from "../../../static/state/streams_wall.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function streamOf(userId: string): Stream {
  const path = `/streams/test/${userId}`;
  return {
    ...{ roomId: "test", userId, name: userId, joinedAt: 1 },
    ...{ mjpeg: `${path}.mjpeg`, jpg: `${path}.jpg` },
  };
}

/** A wall whose server is played by hand. */
function makeWall(options: { only?: string; room?: string } = {}) {
  const clock = new FakeClock();
  const asked: { rights: StreamRights; answer: (answer: StreamsAnswer) => Promise<void> }[] = [];
  const rights = { room: options.room ?? "", passcode: "", accessToken: "" };
  const wall = new StreamsWall({
    clock,
    address: { rights, choice: USUAL_CHOICE, only: options.only },
    ask: (rights) => {
      const { promise, resolve } = Promise.withResolvers<StreamsAnswer>();
      const answer = async (given: StreamsAnswer) => {
        resolve(given);
        await promise;
        await Promise.resolve(); // The wall goes on behind it.
      };
      asked.push({ rights, answer });
      return promise;
    },
  });
  const tell = (...users: string[]) =>
    asked.at(-1)!.answer({ kind: "streams", streams: users.map(streamOf) });
  const kinds = () =>
    wall.tiles.value.map(({ stream, showing }) => `${stream.userId} ${showing.kind}`);
  return { clock, wall, asked, tell, kinds };
}

Deno.test("StreamsWall asks every five seconds while it is seen, and not while it is not", async () => {
  const { clock, wall, asked, tell } = makeWall();
  assert.equal(asked.length, 0);

  wall.setVisible(true);
  await tell("ann");
  clock.advance(REFRESH_MS - 1);
  assert.equal(asked.length, 1);
  clock.advance(1);
  assert.equal(asked.length, 2);
  await tell("ann");

  wall.setVisible(false);
  clock.advance(10 * REFRESH_MS);
  assert.deepEqual([asked.length, clock.pending], [2, 0]);
  wall.setVisible(true);
  assert.equal(asked.length, 3); // At once.
});

Deno.test("StreamsWall asks one question at a time, however long the answer takes", async () => {
  const { clock, wall, asked, tell } = makeWall();

  wall.setVisible(true);
  clock.advance(10 * REFRESH_MS);
  assert.equal(asked.length, 1);
  await tell("ann");
  clock.advance(REFRESH_MS);

  assert.equal(asked.length, 2);
});

Deno.test("StreamsWall waits as long as the server says", async () => {
  const { clock, wall, asked } = makeWall();
  wall.setVisible(true);

  await asked[0]!.answer({ kind: "refused", code: "rate-limited", waitMs: 12_000 });
  clock.advance(11_999);
  assert.equal(asked.length, 1);
  clock.advance(1);

  assert.equal(asked.length, 2);
});

Deno.test("StreamsWall lets few streams move and renews the others with each answer", async () => {
  const { clock, wall, tell, kinds } = makeWall();
  const users = ["a", "b", "c", "d", "e", "f"];
  wall.setVisible(true);

  await tell(...users);
  const addresses = () =>
    wall.tiles.value.map(({ showing }) => "address" in showing ? showing.address : "");
  const before = addresses();
  clock.advance(REFRESH_MS);
  await tell(...users);

  const moving = users.slice(0, MAX_MOVING);
  assert.deepEqual(kinds(), [
    ...moving.map((user) => `${user} moving`),
    ...users.slice(MAX_MOVING).map((user) => `${user} renewed`),
  ]);
  const isSame = addresses().map((address, n) => address === before[n]);
  assert.deepEqual(isSame, users.map((_user, n) => n < MAX_MOVING));
});

Deno.test("StreamsWall loads nothing while it is not seen", async () => {
  const { wall, tell, kinds } = makeWall();
  wall.setVisible(true);
  await tell("ann", "bob");

  wall.setVisible(false);

  assert.deepEqual(kinds(), ["ann paused", "bob paused"]);
});

Deno.test("StreamsWall hides one or all, and what is hidden gives its place to another", async () => {
  const { wall, tell, kinds } = makeWall();
  wall.setVisible(true);
  await tell("a", "b", "c", "d", "e");

  wall.toggle(wall.tiles.value[0]!.key);
  assert.deepEqual(kinds(), ["a hidden", "b moving", "c moving", "d moving", "e moving"]);
  wall.toggleAll(false);
  assert.equal(kinds().every((kind) => kind.endsWith("hidden")), true);
  wall.toggle(wall.tiles.value[4]!.key);
  assert.equal(kinds()[4], "e moving");
  wall.toggleAll(true);

  assert.deepEqual(kinds(), ["a moving", "b moving", "c moving", "d moving", "e renewed"]);
});

Deno.test("StreamsWall shows one stream alone where the address says so", async () => {
  const { wall, tell, kinds, asked } = makeWall({ only: "bob", room: "test" });
  wall.setVisible(true);

  await tell("ann", "bob");

  assert.equal(wall.isSingle, true);
  assert.equal(asked[0]!.rights.room, "test");
  assert.deepEqual(kinds(), ["bob moving"]);
});

Deno.test("StreamsWall.submit asks for the room in the field at once; an answer for another is late", async () => {
  const { wall, asked, kinds } = makeWall();
  wall.setVisible(true);
  wall.roomText.value = " 482913 ";
  wall.passcodeText.value = "sesame";

  assert.equal(wall.submit(), true);
  await asked[0]!.answer({ kind: "streams", streams: [streamOf("of-all")] });
  assert.deepEqual([kinds(), wall.answer.value], [[], undefined]);
  assert.deepEqual(asked[1]!.rights, { room: "482913", passcode: "sesame", accessToken: "" });
  await asked[1]!.answer({ kind: "streams", streams: [streamOf("ann")] });

  assert.deepEqual(kinds(), ["ann moving"]);
  const { showing } = wall.tiles.value[0]!;
  assert.ok(showing.kind === "moving" && showing.address.includes("passcode=sesame"));
});

Deno.test("StreamsWall.submit refuses what is no room, and shows all where nothing is named", () => {
  const { wall, asked } = makeWall({ room: "test" });
  wall.setVisible(true);
  wall.roomText.value = "no spaces";

  assert.deepEqual([wall.submit(), wall.isRoomWrong.value, asked.length], [false, true, 1]);
  wall.roomText.value = "";
  wall.passcodeText.value = "left over";

  assert.equal(wall.submit(), true);
  assert.equal(wall.isRoomWrong.value, false);
  assert.deepEqual(asked[1]!.rights, { room: "", passcode: "", accessToken: "" });
});

Deno.test("StreamsWall loads what moved anew when the server is back, or when it is told to", async () => {
  const { clock, wall, asked, tell } = makeWall();
  const address = () => {
    const { showing } = wall.tiles.value[0]!;
    return showing.kind === "moving" ? showing.address : "";
  };
  wall.setVisible(true);
  await tell("ann");
  const first = address();

  clock.advance(REFRESH_MS);
  await asked.at(-1)!.answer({ kind: "unavailable" });
  assert.deepEqual(wall.tiles.value, []);
  clock.advance(REFRESH_MS);
  await tell("ann");
  const second = address();
  wall.again();

  assert.equal(new Set([first, second, address()]).size, 3);
});

Deno.test("StreamsWall uses what was chosen from the next address on", async () => {
  const { wall, tell } = makeWall();
  wall.setVisible(true);
  await tell("ann");

  wall.choice.value = { framesPerSecond: 0.5, width: 160 };

  const { showing } = wall.tiles.value[0]!;
  assert.ok(showing.kind === "moving" && showing.address.includes("fps=0.5&width=160"));
});

Deno.test("StreamsWall.close asks no more, also when it is seen again", () => {
  const { clock, wall, asked } = makeWall();
  wall.setVisible(true);

  wall.close();
  wall.close();
  wall.setVisible(true);
  clock.advance(10 * REFRESH_MS);

  assert.deepEqual([asked.length, clock.pending], [1, 0]);
});
