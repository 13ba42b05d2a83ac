/**
 * What a listener hears of the rooms, while clients do whatever they like: each stay is one joined
 * and one left, between the start and the end of its room, and the rooms are what it was told.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ProtocolError } from "../../src/protocol/mod.ts";
import type { RoomEvent } from "../../src/rooms/mod.ts";
import type { RoomListener } from "../../src/signaling/mod.ts";
import { type FakeClient, HubFixture } from "../support/hub_fixture.ts";
import { roomId, userId } from "../support/messages.ts";

const ROOMS = ["red", "blue"] as const;
const USERS = ["ann", "bob", "cat", "dan"] as const;
const GRACE_MS = 15_000;

/** Keeps account of the rooms by what it hears, and refuses what cannot follow what was before. */
class Account implements RoomListener {
  readonly rooms = new Map<string, Set<string>>();
  readonly heard: RoomEvent[] = [];

  happened(event: RoomEvent): void {
    this.heard.push(event);
    const { roomId } = event;
    if (event.type === "room-started") {
      assert.ok(!this.rooms.has(roomId), "a room starts once");
      this.rooms.set(roomId, new Set());
    }
    const members = this.rooms.get(roomId);
    assert.ok(members !== undefined, `${event.type} in a room that has not started`);
    switch (event.type) {
      case "participant-joined":
        assert.ok(!members.has(event.userId), "a stay begins once");
        members.add(event.userId);
        break;
      case "participant-left":
        assert.ok(members.delete(event.userId), "a stay ends once");
        break;
      case "host-changed":
        assert.ok(members.has(event.userId), "the host is a member");
        break;
      case "room-ended":
        assert.equal(members.size, 0, "a room ends empty");
        this.rooms.delete(roomId);
        break;
      default:
    }
    assert.equal(event.participants, members.size);
  }

  /** The rooms as they are to be compared. */
  get view(): [string, string[]][] {
    return [...this.rooms].map(([room, members]): [string, string[]] => [room, [...members]]);
  }
}

function listen() {
  const account = new Account();
  const fixture = new HubFixture({ roomListener: account, maxConnections: 10_000 });
  return { account, fixture };
}

function types(account: Account): string[] {
  return account.heard.splice(0).map((event) => "reason" in event ? event.reason : event.type);
}

type Seat = { client: FakeClient; token?: string | undefined; seq: number };

/** Clients that take turns; each seat has at most one connection. */
class Crowd {
  readonly account: Account;
  readonly fixture: HubFixture;
  readonly #seats: Seat[] = [];

  constructor() {
    ({ account: this.account, fixture: this.fixture } = listen());
  }

  /** One thing that a client, a network or an operator can do. */
  do({ action, by, room, user }: { action: string; by: number; room: string; user: string }): void {
    const { clock, hub } = this.fixture;
    const seat = this.#seats[by] ??= { client: this.fixture.connect(), seq: 0 };
    const say = (message: Record<string, unknown>) => seat.client.say(message);
    switch (action) {
      case "join":
      case "join resumable":
        say({ type: "join", roomId: room, userId: user, resumable: action !== "join" });
        break;
      case "drop":
      case "close":
        seat.client[action]();
        seat.client = this.fixture.connect();
        break;
      case "resume":
        say({ type: "resume", resumeToken: seat.token ?? "none", lastSeq: 0 });
        break;
      case "wait":
        clock.advance(GRACE_MS / 2);
        break;
      case "end by API":
      case "kick by API":
        try {
          if (action === "end by API") hub.endRoom(roomId(room));
          else hub.kick(roomId(room), userId(user));
        } catch (error) {
          // Where there is none, it is refused; that is one of the cases.
          assert.ok(error instanceof ProtocolError);
        }
        break;
      case "lobby on":
      case "lobby off":
        say({ type: "lobby", enabled: action === "lobby on" });
        break;
      default:
        say({ type: action, userId: action === "leave" ? undefined : user });
    }
    for (const message of seat.client.heard()) {
      if (message.type === "joined") seat.token = message.resumeToken;
    }
  }

  /** The rooms as the registry has them. */
  get actual(): [string, string[]][] {
    return this.fixture.hub.registry.rooms()
      .map((room): [string, string[]] => [room.roomId, room.roster.users]);
  }
}

const ACTIONS = [
  ...["join", "join", "join resumable", "join resumable", "leave", "drop", "close", "resume"],
  ...[
    "wait",
    "kick",
    "end-room",
    "end by API",
    "kick by API",
    "lobby on",
    "lobby off",
    "admit",
    "deny",
  ],
];

Deno.test("RoomListener hears of each stay once, bracketed by its room, whatever happens", async () => {
  const steps = fc.array(
    fc.record({
      action: fc.constantFrom(...ACTIONS),
      by: fc.nat(4),
      room: fc.constantFrom(...ROOMS),
      user: fc.constantFrom(...USERS),
    }),
    { maxLength: 60, size: "max" },
  );
  const seen = new Set<string>();

  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const crowd = new Crowd();
      for (const step of taken) {
        crowd.do(step);
        assert.deepEqual(crowd.account.view, crowd.actual);
      }
      await crowd.fixture.hub.close({ reconnectAfterMs: 0, drainMs: 0 });
      assert.deepEqual(crowd.account.view, []);
      for (const type of types(crowd.account)) seen.add(type);
    }),
    { numRuns: 300 },
  );

  // The steps were not idle: every kind of event came about, and every way to leave that they have.
  for (
    const kind of [
      ...["room-started", "participant-joined", "host-changed", "room-ended"],
      ...["left", "disconnected", "timeout", "kicked"],
    ]
  ) assert.ok(seen.has(kind), kind);
});

Deno.test("RoomListener hears nothing of a refused join, nor of a lost connection that comes back", () => {
  const { account, fixture } = listen();
  const ann = fixture.connect();
  ann.say({ type: "join", roomId: "test", userId: "ann", resumable: true });
  const joined = ann.heard().find(({ type }) => type === "joined");
  types(account);

  fixture.join("test", "ann");
  fixture.join("other", "vic", { role: "viewer" });
  ann.drop();
  fixture.clock.advance(GRACE_MS - 1);
  const again = fixture.connect();
  again.say({
    type: "resume",
    resumeToken: (joined as { resumeToken: string }).resumeToken,
    lastSeq: 0,
  });

  assert.deepEqual(types(account), []);
  again.drop();
  fixture.clock.advance(GRACE_MS);
  assert.deepEqual(types(account), ["timeout", "room-ended"]);
});

Deno.test("RoomListener hears of who waits when a host lets it in, and not before", () => {
  const { account, fixture } = listen();
  const ann = fixture.join("test", "ann");
  ann.say({ type: "lobby", enabled: true });
  types(account);

  fixture.join("test", "bob");
  assert.deepEqual(types(account), []);
  ann.say({ type: "admit", userId: "bob" });

  assert.deepEqual(types(account), ["participant-joined"]);
});

Deno.test("RoomListener hears of a room that stops with the server", async () => {
  const { account, fixture } = listen();
  fixture.join("test", "ann");
  fixture.join("test", "bob");
  types(account);

  await fixture.hub.close({ reconnectAfterMs: 0, drainMs: 0 });
  await fixture.hub.close({ reconnectAfterMs: 0, drainMs: 0 });

  assert.deepEqual(types(account), ["room-ended", "room-ended", "room-ended"]);
});

Deno.test("RoomListener hears of an event before what comes of telling the members", () => {
  const { account, fixture } = listen();
  const ann = fixture.join("test", "ann");
  // The socket of ann breaks in the moment in which she is told of bob.
  ann.socket.send = () => ann.listener.onClosed({ isClean: true });

  fixture.join("test", "bob");

  assert.deepEqual(types(account), [
    ...["room-started", "participant-joined"],
    ...["participant-joined", "disconnected", "host-changed"],
  ]);
});
