/** What the server is told of what is seen. */
import assert from "node:assert/strict";
import type { ClientMessage } from "../../../../src/protocol/mod.ts";
import {
  MAX_AT_ONCE,
  NEXT_TURN_MS,
  type Picture,
  SHRINK_MS,
  WishList,
} from "../../../../static/call/sfu/wish_list.ts";
import type { PictureWishes } from "../../../../static/call/transport.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { user } from "../../support/call_fixture.ts";

const ann = user("ann");
const CAMERA: Picture = { trackId: "c", userId: ann, slot: "camera" };
const SCREEN: Picture = { trackId: "s", userId: ann, slot: "screen" };

const heights: [pixels: number, told: string][] = [
  [0, "paused"],
  [1, "90"],
  [66, "90"],
  [67, "180"],
  [132, "180"],
  [198, "270"],
  [264, "360"],
  [300, "540"],
  [528, "720"],
  [792, "1080"],
  [793, "full"],
  [Infinity, "full"],
];

for (const [pixels, told] of heights) {
  Deno.test(`[SB3] WishList asks for a camera that is seen ${pixels} high: ${told}`, () => {
    const { list, sent } = setUp();

    see(list, { camera: pixels, screen: 0 });
    list.setPictures([CAMERA]);

    assert.deepEqual(sent.map(short), [`c ${told}`]);
    list.close();
  });
}

Deno.test("[SB3] WishList asks for nothing before it is known what is seen", () => {
  const { list, sent } = setUp();

  list.setPictures([CAMERA]);

  assert.deepEqual(sent, []);
  assert.equal(list.heightOf(ann, "camera"), undefined);
});

Deno.test("[SB3] WishList pauses whom nobody sees, and asks again when they are", () => {
  const { list, sent, clock } = setUp();
  list.setPictures([CAMERA, SCREEN]);
  list.setWishes(new Map());
  see(list, { camera: 300, screen: Infinity });
  clock.advance(SHRINK_MS);

  assert.deepEqual(sent.map(short), ["c paused", "s paused", "c 540", "s full"]);
  assert.equal(clock.pending, 0);
});

Deno.test("[SB3] WishList tells at once what grows, and later what shrinks", () => {
  const { list, sent, clock } = setUp();
  list.setPictures([CAMERA]);
  see(list, { camera: 130, screen: 0 });
  see(list, { camera: 500, screen: 0 });
  see(list, { camera: 130, screen: 0 });
  clock.advance(SHRINK_MS - 1);
  const before = sent.map(short);
  see(list, { camera: 60, screen: 0 });
  clock.advance(1);

  assert.deepEqual(before, ["c 180", "c 720"]);
  assert.deepEqual(sent.map(short), ["c 180", "c 720", "c 90"]);
});

Deno.test("[SB3] WishList tells nothing of a picture that has grown back in time", () => {
  const { list, sent, clock } = setUp();
  list.setPictures([CAMERA]);
  see(list, { camera: 500, screen: 0 });
  see(list, { camera: 60, screen: 0 });
  see(list, { camera: 490, screen: 0 });

  clock.advance(10 * SHRINK_MS);

  assert.deepEqual(sent.map(short), ["c 720"]);
  assert.equal(clock.pending, 0);
});

Deno.test("WishList tells again what the server may have forgotten, of tracks that are there", () => {
  const { list, sent } = setUp();
  list.setPictures([CAMERA, SCREEN]);
  see(list, { camera: 130, screen: Infinity });
  list.setPictures([{ ...CAMERA, trackId: "d" }]);
  sent.length = 0;

  list.tellAgain();

  assert.deepEqual(sent.map(short), ["d 180"]);
});

Deno.test("WishList tells of a large room in several turns", () => {
  const { list, sent, clock } = setUp();
  const count = MAX_AT_ONCE * 2 + 1;
  list.setWishes(new Map());

  list.setPictures(Array.from({ length: count }, (_, n) => ({ ...CAMERA, trackId: `t${n}` })));
  const counts = [sent.length];
  for (let turn = 0; turn < 2; turn++) {
    clock.advance(NEXT_TURN_MS);
    counts.push(sent.length);
  }

  assert.deepEqual(counts, [MAX_AT_ONCE, 2 * MAX_AT_ONCE, count]);
  assert.equal(new Set(sent.map(short)).size, count);
  assert.equal(clock.pending, 0);
});

Deno.test("WishList tells what it could not send when the socket is back", () => {
  const { list, sent, socket, clock } = setUp();
  socket.isOpen = false;
  list.setPictures([CAMERA, SCREEN]);
  see(list, { camera: 130, screen: 0 });
  assert.deepEqual([sent.length, clock.pending], [0, 0]);

  socket.isOpen = true;
  list.networkChanged();

  assert.deepEqual(sent.map(short), ["c 180", "s paused"]);
});

Deno.test("WishList.close stops the timers and tells nothing more", () => {
  const { list, sent, clock } = setUp();
  list.setPictures([CAMERA]);
  see(list, { camera: 500, screen: 0 });
  see(list, { camera: 60, screen: 0 });

  list.close();
  list.close();
  list.tellAgain();
  see(list, { camera: 10, screen: 0 });

  assert.deepEqual(sent.map(short), ["c 720"]);
  assert.equal(clock.pending, 0);
});

function setUp() {
  const clock = new FakeClock();
  const sent: ClientMessage[] = [];
  const socket = { isOpen: true };
  const list = new WishList({
    clock,
    send: (message) => {
      if (socket.isOpen) sent.push(message);
      return socket.isOpen;
    },
  });
  return { list, sent, clock, socket };
}

function see(list: WishList, wishes: PictureWishes): void {
  list.setWishes(new Map([[ann, wishes]]));
}

function short(message: ClientMessage): string {
  if (message.type !== "subscribe") return message.type;
  const { trackId, paused, maxHeight = "full" } = message;
  return `${trackId} ${paused === true ? "paused" : maxHeight}`;
}
