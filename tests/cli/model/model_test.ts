/** The model by itself: what it says of the scenes that the rules describe. */
import assert from "node:assert/strict";
import { connect, disconnect, expire, resume } from "../../../cli/model/connections.ts";
import { possible } from "../../../cli/model/fitting.ts";
import type { Message } from "../../../cli/model/pattern.ts";
import { carryOut } from "../../../cli/model/requests.ts";
import { newState, type State, userIdOf } from "../../../cli/model/state.ts";
import type { RequestStep, Step } from "../../../cli/model/steps.ts";

const anything = { canExpire: true, canCount: true };

/** Users that are connected, and what they are told, by the names of the messages. */
class Scene {
  readonly state: State = newState({ users: 3, roomIds: ["a", "b"], codes: 1, guesses: 0 });

  constructor() {
    for (let user = 0; user < 3; user++) connect(this.state, user);
  }

  say(user: number, request: Message): void {
    carryOut(this.state, this.state.users[user]!.connection!, request);
  }

  join(user: number, more: Message = {}): void {
    this.say(user, { type: "join", roomId: "a", userId: userIdOf(user), ...more });
  }

  /** What each was told since the last look: the type, or the codes of an error. */
  told(): string[][] {
    const told = this.state.users.map(({ connection }) =>
      (this.state.told[connection?.no ?? 0] ?? []).map(({ message: { type, code } }) =>
        type === "error" ? (code as { values: string[] }).values.join("|") : `${type}`
      )
    );
    this.state.told = {};
    return told;
  }
}

Deno.test("[JO3] the model tells the members of a join, and nobody else", () => {
  const scene = new Scene();

  scene.join(0);
  scene.join(1, { roomId: "b" });
  scene.join(2);

  assert.deepEqual(scene.told(), [["joined", "user-joined"], ["joined"], ["joined"]]);
});

Deno.test("[HO3] the model hands the room over when its host goes, and ends it with the last", () => {
  const scene = new Scene();
  scene.join(0);
  scene.join(1, { role: "viewer" });
  scene.join(2);
  scene.told();

  scene.say(0, { type: "leave" });
  scene.say(2, { type: "leave" });
  const [, viewer, heir] = scene.told();
  scene.say(1, { type: "leave" });

  assert.deepEqual(viewer, ["user-left", "host-changed", "user-left"]);
  assert.deepEqual(heir, ["user-left", "host-changed", "leaved"]);
  assert.equal(scene.state.slots[0]!.room, undefined);
});

Deno.test("the model takes any code of a request that is wrong in several ways", () => {
  const scene = new Scene();
  scene.join(0);
  scene.say(0, { type: "lock", locked: true });
  scene.told();

  scene.join(1, { hostKey: "wrong" });
  scene.say(2, { type: "chat", text: "x" });
  scene.say(0, { type: "kick", userId: "nobody" });

  assert.deepEqual(scene.told(), [["no-such-participant"], ["not-allowed|room-locked"], [
    "not-joined",
  ]]);
});

Deno.test("[RE4, RE8] the model keeps the seat of a lost connection, or gives it up", () => {
  const scene = new Scene();
  scene.join(0);
  scene.join(1, { resumable: true });
  disconnect(scene.state, scene.state.users[1]!.connection!, true);
  scene.say(0, { type: "chat", text: "missed" });
  scene.told();
  const request = { type: "resume", lastSeq: 0, requestId: 1 };

  assert.ok(resume(scene.state, connect(scene.state, 1), request));
  assert.deepEqual(scene.told(), [
    ["participant-updated"],
    // The loss was told to the others, the chat to all; then it is back.
    ["resumed", "chat"],
    [],
  ]);

  disconnect(scene.state, scene.state.users[1]!.connection!, true);
  expire(scene.state);
  assert.ok(!resume(scene.state, connect(scene.state, 1), request));
  assert.deepEqual(scene.told(), [["participant-updated", "user-left"], ["resume-expired"], []]);
});

Deno.test("[KI2] the model keeps the kicked out by user id and by connection", () => {
  const scene = new Scene();
  scene.join(0);
  scene.join(1);
  scene.say(0, { type: "kick", userId: "bob" });
  scene.told();

  scene.join(1, { userId: "robert" });
  scene.join(2, { userId: "bob" });
  scene.join(2);

  assert.deepEqual(scene.told(), [["user-joined"], ["not-allowed"], ["not-allowed", "joined"]]);
});

Deno.test("[CR7] the model lets nobody broadcast under a code but who has its key", () => {
  const scene = new Scene();
  scene.say(0, { type: "create-room", kind: "live" });
  scene.told();
  const { id, reservation } = scene.state.slots[2]!;
  const join = { roomId: id, role: "broadcaster" };

  scene.join(1, join);
  scene.join(0, { ...join, hostKey: { hole: "secret", name: reservation!.hostKey } });
  scene.join(1, join);
  scene.join(1, { roomId: id, role: "viewer" });
  scene.say(0, { type: "leave" });
  scene.join(2, join);

  assert.deepEqual(scene.told(), [
    ["joined", "user-joined", "leaved"],
    ["not-allowed", "not-allowed|broadcaster-taken", "joined", "user-left"],
    ["not-allowed"],
  ]);
});

Deno.test("[LB2, LB4] the model lets nobody in from the lobby but by the host", () => {
  const scene = new Scene();
  scene.join(0);
  scene.say(0, { type: "lobby", enabled: true });
  scene.join(1);
  scene.say(1, { type: "chat", text: "x" });
  assert.deepEqual(scene.told(), [["joined", "knock"], ["waiting", "not-joined"], []]);

  scene.say(0, { type: "admit", userId: "bob" });

  assert.deepEqual(scene.told(), [["user-joined"], ["joined"], []]);
});

Deno.test("[PB1, SB1, SB3, SB4, SB6, MS2] the model refuses media in a mesh, and takes what nobody waits for", () => {
  const scene = new Scene();
  scene.join(0);
  scene.told();
  const requests: Message[] = [
    { type: "publish", tracks: [] },
    { type: "subscribe", trackId: "1" },
    { type: "restart-subscription" },
    { type: "media-stats" },
    { type: "subscription-answer", connection: 1, requestId: 1 },
    { type: "ice-candidate", channel: "publisher", candidate: null, requestId: 2 },
  ];

  for (const request of requests) scene.say(0, request);
  for (const request of requests) scene.say(1, request);

  const refusals = ["not-allowed", "no-such-track", "not-allowed", "not-allowed"];
  assert.deepEqual(scene.told(), [
    [...refusals, "ok", "ok"],
    Array(requests.length).fill("not-joined"),
    [],
  ]);
});

Deno.test("possible lets nobody knock together where no host would see in which order", () => {
  const scene = new Scene();
  scene.join(0, { resumable: true });
  scene.say(0, { type: "lobby", enabled: true });
  const join = (user: number): RequestStep => ({
    do: "join",
    user,
    as: user,
    room: 0,
    role: "participant",
    resumable: false,
    relay: false,
    passcode: "none",
    hostKey: "none",
    asks: true,
    anyway: false,
  });
  const together: Step = { do: "together", steps: [join(1), join(2)] };

  assert.deepEqual(possible(scene.state, together, anything), together);
  disconnect(scene.state, scene.state.users[0]!.connection!, true);

  assert.equal(possible(scene.state, together, anything), undefined);
});

Deno.test("possible gives a step to users for whom it means something, unless it is sent anyway", () => {
  const scene = new Scene();
  const kick = { do: "kick", user: 2, target: 2, asks: true, anyway: false } as const;
  assert.equal(possible(scene.state, kick, anything), undefined);
  scene.join(0);
  scene.join(1);

  assert.deepEqual(possible(scene.state, kick, anything), { ...kick, user: 0, target: 1 });
  const anyway = { ...kick, anyway: true };
  assert.deepEqual(possible(scene.state, anyway, anything), anyway);
});

Deno.test("[KI2] possible lets who was kicked come back under another name, where that is a name", () => {
  const scene = new Scene();
  scene.join(0);
  scene.join(1);
  scene.say(0, { type: "kick", userId: userIdOf(1) });
  const shows = { role: "participant", passcode: "none", hostKey: "none" } as const;
  const ways = { resumable: false, relay: false, asks: true, anyway: false };
  const join = { do: "join", room: 1, ...shows, ...ways } as const;

  // Of the three ids one is in the room and one is banned.
  const another = { ...join, user: 2, as: 0 };
  assert.deepEqual(possible(scene.state, another, anything), { ...join, user: 1, room: 0, as: 2 });
  const own = { ...join, user: 2, as: 2 };
  assert.deepEqual(possible(scene.state, own, anything), own);
  const anyway = { ...another, anyway: true };
  assert.deepEqual(possible(scene.state, anyway, anything), anyway);
});

Deno.test("[SS2] possible asks for a summary where somebody is", () => {
  const scene = new Scene();
  const summary = { do: "summary", user: 0, bitrateKbps: 5 } as const;
  assert.equal(possible(scene.state, summary, anything), undefined);
  scene.join(2);

  assert.deepEqual(possible(scene.state, summary, anything), { ...summary, user: 2 });
});

Deno.test("possible leaves out what nobody would notice, and what takes too long", () => {
  const scene = new Scene();
  scene.join(0);
  const close = { do: "close", user: 0, how: "drop" } as const;

  assert.equal(possible(scene.state, close, { canExpire: false, canCount: false }), undefined);
  assert.deepEqual(possible(scene.state, close, anything), close);
  assert.equal(possible(scene.state, { do: "grace" }, anything), undefined);
});
