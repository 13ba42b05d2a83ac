/** All media of a stay, in memory: who is linked with whom, and what a move makes of it. */
import assert from "node:assert/strict";
import { RoomMedia } from "../../../../cli/media/room/room_media.ts";
import type { RoomNow } from "../../../../cli/media/room/room_session.ts";
import type { Asked } from "../../../../cli/media/room/sfu_room.ts";
import { RunTime } from "../../../../cli/media/run_time.ts";
import { PatternSource } from "../../../../cli/media/sources/pattern_source.ts";
import type { ServerMessage } from "../../../../src/protocol/mod.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { FakePeers } from "../../../support/fake_peers.ts";

Deno.test("[TO1] RoomMedia links to everybody in a mesh, and to nobody who has left", async () => {
  const room = new Scene();
  for (const name of ["ann", "bob", "eve"]) room.join(name);
  await room.run(400);

  assert.deepEqual(room.linksOf("ann"), { bob: "connected", eve: "connected" });
  assert.deepEqual(room.seenBy("bob"), [
    "ann camera",
    "ann microphone",
    "eve camera",
    "eve microphone",
  ]);
  room.leave("eve");
  await room.run(50);
  assert.deepEqual(room.linksOf("ann"), { bob: "connected" });
});

Deno.test("[JO6] RoomMedia makes a star of a live room", async () => {
  const room = new Scene("live");
  room.join("star", "broadcaster");
  for (const name of ["one", "two"]) room.join(name, "viewer");
  await room.run(400);

  assert.deepEqual(room.linksOf("one"), { star: "connected" });
  assert.deepEqual(Object.keys(room.linksOf("star")).sort(), ["one", "two"]);
  assert.deepEqual(room.seenBy("two"), ["star camera", "star microphone"]);
  assert.deepEqual(room.seenBy("star"), []);
});

Deno.test("[TO4] RoomMedia publishes when its room moves to the server, and gives links up in time", async () => {
  const room = new Scene();
  for (const name of ["ann", "bob"]) room.join(name);
  await room.run(400);

  room.tell({ type: "topology", topology: "sfu" });
  await room.run(1_000);
  assert.deepEqual(room.asked.map(({ type }) => type), ["publish", "publish"]);
  assert.equal(room.seenBy("ann").length, 2, "until the server has something");
  await room.run(9_500);

  assert.deepEqual(room.linksOf("ann"), {});
  assert.deepEqual(room.notices.filter((words) => /move to the server/.test(words)).length, 2);
});

Deno.test("[TO4] RoomMedia goes back to the links that there are when its room does at once", async () => {
  const room = new Scene();
  for (const name of ["ann", "bob"]) room.join(name);
  await room.run(400);

  room.tell({ type: "topology", topology: "sfu" });
  await room.run(300);
  room.tell({ type: "topology", topology: "mesh" });
  await room.run(11_000);

  assert.deepEqual(room.linksOf("ann"), { bob: "connected" });
  assert.deepEqual(room.seenBy("ann"), ["bob camera", "bob microphone"]);
  assert.equal(room.peers.all.length, 2);
});

Deno.test("[TO5] RoomMedia asks for the server's way once when a live room's broadcaster is not reached", async () => {
  const room = new Scene("live");
  room.peers.isCut = true;
  room.join("star", "broadcaster");
  room.join("one", "viewer");
  await room.run(4_500);
  assert.deepEqual(room.asked, []);
  await room.run(6_000);

  assert.deepEqual(room.asked, [{ type: "request-forwarding", wanted: true }]);
});

Deno.test("RoomMedia is over when it is closed, whatever is told", async () => {
  const room = new Scene();
  for (const name of ["ann", "bob"]) room.join(name);
  await room.run(400);
  room.members.get("ann")!.close();
  room.members.get("ann")!.close();
  room.join("eve");
  room.tell({ type: "topology", topology: "sfu" });
  await room.run(100);

  assert.deepEqual(room.linksOf("ann"), {});
  assert.deepEqual(room.seenBy("ann"), []);
});

/** A room, and the server that passes on. */
class Scene {
  readonly clock = new FakeClock();
  readonly peers = new FakePeers();
  readonly members = new Map<string, RoomMedia>();
  readonly asked: Asked[] = [];
  readonly notices: string[] = [];
  readonly #time = new RunTime(this.clock);
  readonly #roles = new Map<string, string>();
  readonly #kind: string;

  constructor(kind = "meeting") {
    this.#kind = kind;
  }

  join(name: string, role = "participant"): void {
    const participant = { userId: name, role, state: {}, joinedAt: 0 };
    this.tell({ type: "user-joined", roomId: "r", userId: name, participant });
    this.#roles.set(name, role);
    const epochOf = (at: number) => at;
    const media = new RoomMedia({
      engine: this.peers,
      time: this.#time,
      source: role === "viewer"
        ? undefined
        : new PatternSource({ hasPicture: true, hasSound: true, epochOf }),
      send: (message) => {
        const { to, ...rest }: Record<string, unknown> = { ...message };
        const heard = { ...rest, from: name } as unknown as ServerMessage; // Links have made it.
        queueMicrotask(() => {
          if (typeof to === "string") this.members.get(to)?.heard(heard);
          else this.tell(heard);
        });
        return true;
      },
      ask: (message) => {
        this.asked.push(message);
        return Promise.resolve(undefined);
      },
      notice: (words) => this.notices.push(words),
    });
    this.members.set(name, media);
    media.entered({
      ...{ userId: name, iceServers: [], isNew: true },
      participants: [...this.#roles].map(([userId, role]) => ({
        ...{ userId, role, state: {}, joinedAt: 0 },
      })),
      room: { roomId: "r", kind: this.#kind, topology: "mesh", createdAt: 0 },
    } as unknown as RoomNow); // As a server would tell it.
  }

  leave(name: string): void {
    this.members.get(name)?.close();
    this.members.delete(name);
    this.#roles.delete(name);
    this.tell({ type: "user-left", roomId: "r", userId: name, reason: "left" });
  }

  tell(message: object): void {
    // As a server would tell it.
    for (const media of this.members.values()) media.heard(message as unknown as ServerMessage);
  }

  async run(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 20) {
      this.clock.advance(20);
      this.#time.look();
      for (const media of this.members.values()) media.tick();
      for (let n = 0; n < 4; n++) await Promise.resolve();
    }
  }

  linksOf(name: string): Record<string, string> {
    return Object.fromEntries(this.members.get(name)!.links);
  }

  seenBy(name: string): string[] {
    return this.members.get(name)!.tracks
      .filter(({ track }) => track.beganAt !== undefined)
      .map(({ userId, source }) => `${userId} ${source}`).sort();
  }
}
