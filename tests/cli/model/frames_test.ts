/** Frames in the model: who is told of what is wanted, and who gets what is shown. */
import assert from "node:assert/strict";
import { connect, disconnect, resume } from "../../../cli/model/connections.ts";
import { possible } from "../../../cli/model/fitting.ts";
import { FRAME, isWanted, show } from "../../../cli/model/frames.ts";
import type { Message } from "../../../cli/model/pattern.ts";
import { carryOut } from "../../../cli/model/requests.ts";
import { newState, type State, userIdOf } from "../../../cli/model/state.ts";
import type { RequestStep } from "../../../cli/model/steps.ts";

const [ANN, BOB, CLEO] = [0, 1, 2] as const;
const SOUND = { kind: "opus", isKey: true } as const;
const DELTA = { kind: "vp8", isKey: false } as const;
const KEY = { kind: "vp8", isKey: true } as const;
const anything = { canExpire: true, canCount: true };

/** Ann broadcasts and can send frames, Bob may resume, Cleo is there. */
class Scene {
  readonly state: State = newState({ users: 3, roomIds: ["a", "b"], codes: 1, guesses: 0 });

  constructor() {
    for (const user of [ANN, BOB, CLEO]) connect(this.state, user);
    this.say(ANN, { type: "join", roomId: "a", userId: "ann", role: "broadcaster", relay: true });
    this.say(BOB, { type: "join", roomId: "a", userId: "bob", resumable: true });
    this.say(CLEO, { type: "join", roomId: "a", userId: userIdOf(CLEO) });
    this.told();
  }

  say(user: number, request: Message): void {
    carryOut(this.state, this.state.users[user]!.connection!, request);
  }

  ask(user: number, more: Message = {}): void {
    this.say(user, { type: "request-relay", roomId: "a", ...more });
  }

  show(
    user: number,
    frame: Parameters<typeof show>[2] | Omit<Parameters<typeof show>[2], "number">,
  ) {
    show(this.state, this.state.users[user]!.connection!, { number: 0, ...frame });
  }

  /** What each was told since the last look, in words. */
  told(): string[][] {
    const told = this.state.users.map(({ connection }) =>
      (this.state.told[connection?.no ?? 0] ?? []).map(({ message }) => wordsOf(message))
    );
    this.state.told = {};
    return told;
  }
}

function wordsOf(message: Message): string {
  const { type, code, viewers, kind, isKey } = message;
  if (type === "error") return (code as { values: string[] }).values.join("|");
  if (type === FRAME) return `${isKey ? "key " : ""}${kind}`;
  return viewers === undefined ? `${type}` : `${type} ${viewers}`;
}

Deno.test("[FR2] [FR4] the model tells a source of its viewers, once for each change", () => {
  const scene = new Scene();

  scene.ask(BOB);
  scene.ask(BOB);
  scene.ask(CLEO, { userId: "ann" });
  scene.ask(BOB, { active: false, requestId: 1 });
  scene.say(CLEO, { type: "leave" });

  assert.deepEqual(scene.told(), [
    ["relay-wanted 1", "relay-wanted 2", "relay-wanted 1", "user-left", "relay-wanted 0"],
    ["relay-started", "relay-started", "ok", "user-left"],
    ["relay-started", "leaved"],
  ]);
});

Deno.test("[FR3] the model refuses other rooms, oneself, nobody, and who cannot", () => {
  const scene = new Scene();

  scene.ask(BOB, { roomId: "b" });
  scene.ask(ANN);
  scene.ask(BOB, { userId: "nobody" });
  scene.ask(BOB, { userId: userIdOf(CLEO) });
  scene.ask(BOB, { roomId: "b", userId: "nobody" });

  assert.deepEqual(scene.told(), [["not-allowed"], [
    "not-allowed",
    "no-such-participant",
    "media-failed",
    "not-allowed|no-such-participant",
  ], []]);
});

Deno.test("[CO7] [FR6] the model passes frames to those who asked, pictures from a key frame on", () => {
  const scene = new Scene();
  scene.show(ANN, SOUND);
  scene.ask(BOB);
  scene.show(ANN, DELTA);
  scene.show(ANN, SOUND);
  scene.show(ANN, KEY);
  scene.show(ANN, DELTA);
  scene.ask(CLEO);
  scene.show(ANN, DELTA);
  scene.ask(BOB, { active: false });
  scene.ask(CLEO, { active: false });
  scene.show(ANN, KEY);
  scene.show(BOB, KEY);

  const [ann, bob, cleo] = scene.told();
  assert.equal(ann![0], "bad-message");
  assert.deepEqual(bob, ["relay-started", "key opus", "key vp8", "vp8", "vp8", "bad-message"]);
  assert.deepEqual(cleo, ["relay-started"]);
});

Deno.test("[FR8] the model repeats no frame after a resume, and waits for a key frame", () => {
  const scene = new Scene();
  scene.ask(BOB);
  scene.show(ANN, KEY);
  disconnect(scene.state, scene.state.users[BOB]!.connection!, true);
  scene.show(ANN, DELTA);
  scene.told();

  assert.ok(resume(scene.state, connect(scene.state, BOB), { type: "resume", lastSeq: 0 }));
  scene.show(ANN, DELTA);
  scene.show(ANN, KEY);

  assert.deepEqual(scene.told()[BOB], ["resumed", "key vp8"]);
});

Deno.test("[FR8] the model ends a source that leaves, and what it sends then is dropped", () => {
  const scene = new Scene();
  scene.ask(BOB);
  scene.say(ANN, { type: "leave" });
  scene.show(ANN, KEY);

  assert.deepEqual(scene.told()[ANN], ["relay-wanted 1", "leaved"]);
  assert.deepEqual(scene.state.slots[0]!.room!.sources, []);
});

Deno.test("[FR2] possible gives requests to those for whom there is a source, frames to sources", () => {
  const scene = new Scene();
  const request: RequestStep = {
    do: "request-relay",
    user: ANN,
    to: undefined,
    active: true,
    elsewhere: false,
    asks: true,
    anyway: false,
  };
  const frame = { do: "show", user: CLEO, which: 0, anyway: false } as const;

  assert.deepEqual(possible(scene.state, request, anything), { ...request, user: BOB });
  const named = { ...request, to: CLEO };
  assert.deepEqual(possible(scene.state, named, anything), named);
  const own = possible(scene.state, { ...request, to: ANN }, anything);
  assert.ok(own?.do === "request-relay" && own.to !== own.user);
  assert.equal(possible(scene.state, frame, anything), undefined);
  scene.ask(BOB);
  assert.ok(isWanted(scene.state.users[ANN]!.connection!.stay!));
  assert.deepEqual(possible(scene.state, frame, anything), { ...frame, user: ANN });
  assert.deepEqual(possible(scene.state, { ...frame, anyway: true }, anything), {
    ...frame,
    anyway: true,
  });
});
