/** A user of the soak against a real server: it is content with a correct one, and with no other. */
import assert from "node:assert/strict";
import { Interrupted } from "../../cli/scenarios/waiting.ts";
import { systemClock } from "../../src/base/mod.ts";
import { startFaultyServer } from "../support/faulty_server.ts";
import { TestServer } from "../support/test_server.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Ledger } from "./ledger.ts";
import { type SoakContext, SoakUser } from "./user.ts";

const GRACE_MS = 60_000;

/** Users of one server, and what surprised them. */
class Scene {
  readonly ledger = new Ledger();
  readonly interruption = new AbortController();
  readonly #context: SoakContext;

  constructor(url: string) {
    this.#context = {
      url,
      clock: systemClock,
      signal: this.interruption.signal,
      ledger: this.ledger,
      graceMs: GRACE_MS,
      connections: new Set(),
    };
  }

  /** Somebody who is in a room. */
  async join(userId: string, more: object = {}, roomId = "test"): Promise<SoakUser> {
    const user = new SoakUser(this.#context, { userId, roomId });
    await user.connect();
    await user.join(more);
    return user;
  }

  /** Ends what is left. */
  async end(): Promise<void> {
    await Promise.all([...this.#context.connections].map((one) => one.drop()));
  }
}

/** A test with users on a correct server, or behind one fault of `faulty_server.ts`. */
function withScene(
  test: (scene: Scene) => Promise<void>,
  { flags = [], fault }: { flags?: string[]; fault?: string } = {},
): () => Promise<void> {
  return async () => {
    const server = TestServer.start("--resume-grace-ms", `${GRACE_MS}`, ...flags);
    const target = `ws://127.0.0.1:${server.port}/ws`;
    const proxy = fault === undefined ? undefined : startFaultyServer(target, fault);
    const scene = new Scene(proxy === undefined ? target : `ws://127.0.0.1:${proxy.addr.port}/ws`);
    await test(scene);
    await scene.end();
    await server.close();
    await proxy?.shutdown();
  };
}

Deno.test(
  "[RE7] SoakUser drops, resumes twice in a row, takes over and leaves, and nothing surprises it",
  withScene(async (scene) => {
    const ann = await scene.join("ann", { resumable: true });
    const bob = await scene.join("bob");
    await ann.until(() => ann.roster.has("bob") || undefined, "bob");

    await ann.drop();
    await bob.request({ type: "chat", text: "test while ann is away" });
    assert.equal(await ann.resume(), true);
    await ann.drop();
    assert.equal(await ann.resume(), true);
    assert.equal(await ann.resume(), true);
    await bob.leave();
    await ann.until(() => ann.heard.get("user-left"), "user-left");

    assert.deepEqual(ann.heard.get("chat")?.length, 1);
    assert.deepEqual([...ann.roster], ["ann"]);
    const { joins, drops, resumed, takeovers, leaves } = scene.ledger.counts;
    assert.deepEqual([joins, drops, resumed, takeovers, leaves], [2, 2, 3, 1, 1]);
    assert.deepEqual(scene.ledger.surprises, []);
  }),
);

Deno.test(
  "SoakUser is surprised by an error that it did not ask for, and by no other",
  withScene(async (scene) => {
    const ann = await scene.join("ann");
    const gone = { type: "offer", to: "zoe", description: { type: "offer", sdp: "" } };

    await ann.request(gone, ["no-such-participant"]);
    ann.sendGarbage("no JSON", "bad-message");
    await ann.request({ type: "ping", at: 1 });
    assert.deepEqual([scene.ledger.surprises, scene.ledger.counts.provoked], [[], 2]);
    await ann.request(gone);
    ann.sendGarbage("no JSON");
    await ann.request({ type: "ping", at: 2 });

    assert.match(scene.ledger.surprises[0]!, /^ann in test: error no-such-participant: /);
    assert.match(scene.ledger.surprises[1]!, /^ann in test: error bad-message: /);
    assert.equal(scene.ledger.surpriseCount, 2);
  }),
);

Deno.test(
  "SoakUser is surprised when its seat is gone before its time",
  withScene(async (scene) => {
    const ann = await scene.join("ann", { resumable: true });
    const bob = await scene.join("bob");

    await ann.drop();
    await bob.until(() => bob.heard.get("user-left"), "the end of ann's seat");

    assert.equal(await ann.resume(), false);
    assert.match(scene.ledger.surprises.join(), /^ann in test: its seat was gone after \d+ ms$/);
    assert.equal(scene.ledger.counts.expired, 1);
  }, { flags: ["--resume-grace-ms", "50"] }),
);

Deno.test(
  "SoakUser is surprised when it is sent away, unless it may be",
  withScene(async (scene) => {
    const [ann, bob, cid] = await Promise.all([
      scene.join("ann", {}, "a"),
      scene.join("bob", {}, "b"),
      scene.join("cid", {}, "b"),
    ]);
    for (const one of [ann, bob, cid]) one.mayBeSentAway = one !== cid;

    await ann.request({ type: "end-room" });
    const host = [...bob.roster][0] === "bob" ? bob : cid;
    await host.request({ type: "end-room" });
    await cid.until(() => cid.heard.get("leaved"), "leaved");

    assert.deepEqual(scene.ledger.surprises, ["cid in b: sent away, room-ended"]);
  }),
);

Deno.test(
  "SoakUser cannot ask without a connection, nor wait when the run is interrupted",
  withScene(async (scene) => {
    const ann = await scene.join("ann");

    const waiting = ann.until(() => undefined, "nothing");
    scene.interruption.abort();
    await assert.rejects(waiting, Interrupted);
    await ann.drop();

    await assert.rejects(ann.request({ type: "ping", at: 1 }), /ann cannot ask/);
  }),
);

const faults: [fault: string, isResumable: boolean, surprise: RegExp][] = [
  ["duplicate-user-joined", false, /: \w+ joined twice$/],
  ["duplicate-user-left", false, /: \w+ left and was not there$/],
  ["drop-user-joined", false, /: \w+ left and was not there$/],
  ["drop-user-joined", true, /: message \d+ \(\S+\) came after \d+$/],
  ["leak-chat", false, /: chat of another room: /],
  ["wrong-room-id", false, /: user-joined of room elsewhere$/],
  ["answer-twice", false, /: a second answer, leaved$/],
];

for (const [fault, isResumable, surprise] of faults) {
  const whose = isResumable ? "of numbered messages" : "of plain ones";
  Deno.test(
    `SoakUser notices ${fault} ${whose}`,
    withScene(async (scene) => {
      const more = { resumable: isResumable };
      const stranger = await scene.join("eve", more, "elsewhere");
      const ann = await scene.join("ann", more);
      const bob = await scene.join("bob", more);
      await bob.request({ type: "chat", text: "test" });
      await Promise.all([ann, stranger].map((one) => one.request({ type: "ping", at: 1 })));
      await bob.leave();
      await waitUntil(() =>
        scene.ledger.surprises.some((one) => surprise.test(one))
          ? undefined
          : `surprises: ${scene.ledger.surprises.join("; ")}`
      );
    }, { fault }),
  );
}
