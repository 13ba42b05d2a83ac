/**
 * Checks of the section Guessing. Each has a server of its own, because they use up the budget of wrong
 * guesses; against `--url` only with `--slow`, because nobody of this network joins by code afterwards.
 */
import type { Clock } from "../../../src/base/mod.ts";
import type { Actor } from "../actor.ts";
import { check } from "../check.ts";
import { demand, demandMessage, type Message, same } from "../expectation.ts";
import type { Place } from "../place.ts";
import type { Scene } from "../scene.ts";
import { NotApplicable } from "../verdict.ts";

/** Rule TH1. */
const NETWORK_GUESSES = 10;
const ALL_GUESSES = 60;
const NEXT_OF_NETWORK_MS = 10_000;
const NEXT_OF_ALL_MS = 2_000;

const ADMIN_TOKEN = "the administrator of the conformance run";

/** TH1 to TH5. */
export const guessingChecks = [
  check("TH1", {
    title: "a network has 10 wrong guesses, everybody together 60",
    does: "guesses over HTTP, by joins and by passcodes, then as the clients of seven networks",
  }, async (scene) => {
    const at = await placeFor(scene);
    const ann = await scene.connect("ann", { at });
    const create = { type: "create-room", kind: "meeting", passcode: "open sesame" };
    const { roomId } = await ann.ask(create, "room-created");
    const guesses = [
      async () => same("a wrong code over HTTP", await look(scene, at, wrongCode(roomId)), 404),
      async () => {
        await ann.join(wrongCode(roomId));
        await ann.ask({ type: "leave" }, "leaved");
      },
      () => ann.beRefused({ ...join(roomId), passcode: "wrong" }, "bad-passcode"),
    ];
    for (let n = 0; n < NETWORK_GUESSES; n++) await guesses[n % guesses.length]!();
    await ann.hearNothing();
    const refused = await ann.beRefused(join(wrongCode(roomId)), "rate-limited");
    isWait(refused.retryAfterMs, NEXT_OF_NETWORK_MS);
    same("one more over HTTP", await look(scene, at, wrongCode(roomId)), 429);
    await ann.beRefused({ ...join(roomId), passcode: "wrong" }, "rate-limited");
    if (!scene.isOwn) return scene.note("everybody's budget: it takes a server that trusts us");
    const all = await scene.ownServer("--trusted-proxy", "127.0.0.1");
    const headers = { "X-Forwarded-For": "203.0.113.1" };
    const bob = await scene.connect("bob", { at: all, headers });
    const everybody = new AllGuesses(scene.clock);
    await everybody.untilRefused(async (count) => {
      const address = `198.51.100.${1 + Math.floor(count / NETWORK_GUESSES)}`;
      const status = await look(scene, all, wrongCode("000000"), address);
      if (status !== 404) same(`guess ${count + 1}`, status, 429);
      return status === 404;
    });
    await everybody.untilRefused(async () => {
      bob.say({ ...join(wrongCode("000000"), "bob"), requestId: "one more" });
      const answer = await bob.next("an error rate-limited");
      if (answer.type === "joined") {
        await bob.ask({ type: "leave" }, "leaved");
        return true;
      }
      const where = { requestId: "one more", code: "rate-limited" };
      demandMessage(answer as Message, "error", where);
      isWait((answer as Message).retryAfterMs, NEXT_OF_ALL_MS);
      return false;
    });
  }),

  check("TH2", {
    title: "while the guesses are used up, the right codes and passcodes are refused too",
    does:
      "uses them up, then asks for a code that is reserved, one that is a room's, and a passcode",
  }, async (scene) => {
    const at = await placeFor(scene);
    const ann = await scene.connect("ann", { at });
    const create = { type: "create-room", kind: "meeting" };
    const reserved = await ann.ask(create, "room-created");
    const open = await ann.ask(create, "room-created");
    await ann.join(open.roomId);
    const bob = await scene.connect("bob", { at });
    await bob.join(scene.room, { passcode: "open sesame" });
    for (let n = 0; n < NETWORK_GUESSES; n++) await look(scene, at, wrongCode(open.roomId));
    const cat = await scene.connect("cat", { at });
    for (const { roomId } of [reserved, open]) {
      const { retryAfterMs } = await cat.beRefused(join(roomId, "cat"), "rate-limited");
      isWait(retryAfterMs, NEXT_OF_NETWORK_MS);
      const { status, headers } = await scene.http(`/api/rooms/${roomId}`, { at });
      same("the right code over HTTP", status, 429);
      demand(Number(headers.get("retry-after")) > 0, "a Retry-After", headers.get("retry-after"));
    }
    const right = { ...join(scene.room, "cat"), passcode: "open sesame" };
    await cat.beRefused(right, "rate-limited");
    await ann.ask({ type: "chat", text: "still here" }, "chat");
  }),

  check("TH3", {
    title: "no list shows six-digit codes, and a join that makes a room of one is a guess",
    does: "reserves a code, opens it, lists the rooms, and makes rooms of other codes",
  }, async (scene) => {
    const at = await placeFor(scene);
    const ann = await scene.connect("ann", { at });
    const { roomId } = await ann.ask({ type: "create-room", kind: "meeting" }, "room-created");
    const listed = async () => JSON.stringify((await scene.http("/api/rooms", { at })).body);
    demand(!(await listed()).includes(roomId), "no reserved code in the list", await listed());
    await ann.join(roomId);
    const bob = await scene.join("bob", { at });
    const list = await listed();
    demand(list.includes(scene.room), `room "${scene.room}" in the list`, list);
    demand(!list.includes(`"${roomId}"`), "no six-digit code in the list", list);
    for (let n = 0; n < NETWORK_GUESSES; n++) {
      await bob.ask({ type: "leave" }, "leaved");
      await bob.join(wrongCode(roomId));
    }
    await bob.ask({ type: "leave" }, "leaved");
    await bob.beRefused(join(wrongCode(roomId), "bob"), "rate-limited");
    scene.note("how long guessing takes is arithmetic, not traffic");
  }),

  check("TH4", {
    title: "a right guess costs nothing, and other ids are not throttled",
    does: "joins and looks more often than guesses would last, by code, passcode and name",
  }, async (scene) => {
    const at = await placeFor(scene);
    const ann = await scene.connect("ann", { at });
    const create = { type: "create-room", kind: "meeting", passcode: "open sesame" };
    const { roomId } = await ann.ask(create, "room-created");
    const keeper = await scene.connect("keeper", { at });
    const passcode = "open sesame";
    await keeper.join(roomId, { passcode });
    for (let n = 0; n < NETWORK_GUESSES + 3; n++) {
      await enterAndLeave(ann, keeper, { roomId, passcode });
      same("the right code over HTTP", await look(scene, at, roomId), 200);
      same("a name that is no room's", await look(scene, at, `nobody-${n}`), 404);
      await ann.join(`${scene.room}-${n}`);
      await ann.ask({ type: "leave" }, "leaved");
    }
  }),

  check("TH5", {
    title:
      "a network has 10 wrong tokens of the administrator, and then the right one is refused too",
    does: "guesses as a proxied client, asks with the right token, and from another network",
  }, async (scene) => {
    const flags = ["--trusted-proxy", "127.0.0.1", "--admin-token", ADMIN_TOKEN];
    const at = await scene.ownServer(...flags);
    const end = async (token: string, address: string) =>
      await scene.http(`/api/rooms/${scene.room}`, {
        at,
        method: "DELETE",
        headers: { authorization: `Bearer ${token}`, "X-Forwarded-For": address },
      });
    for (let n = 0; n < NETWORK_GUESSES; n++) {
      same(`guess ${n + 1}`, (await end(`wrong ${n}`, "198.51.100.1")).status, 401);
    }
    for (const token of ["wrong", ADMIN_TOKEN]) {
      const { status, headers } = await end(token, "198.51.100.1");
      same("the status of one more", status, 429);
      demand(Number(headers.get("retry-after")) > 0, "a Retry-After", headers.get("retry-after"));
    }
    same("another network", (await end(ADMIN_TOKEN, "198.51.100.2")).status, 404);
    const ann = await scene.join("ann", { at });
    for (let n = 0; n < NETWORK_GUESSES + 2; n++) {
      const { status } = await end(ADMIN_TOKEN, "198.51.100.3");
      same("the right token costs nothing", status, n === 0 ? 204 : 404);
    }
    await ann.hear("leaved", { reason: "room-ended" });
  }),
];

/** A server whose guesses may be used up. */
async function placeFor(scene: Scene): Promise<Place> {
  if (scene.isOwn) return await scene.ownServer();
  if (scene.isSlow) return scene.place;
  throw new NotApplicable("it uses up the guesses of this network for minutes; --slow does so");
}

/** Counts what everybody together is let through: 60, and one more for every two seconds. */
class AllGuesses {
  readonly #clock: Clock;
  readonly #startedAt: number;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.elapsed();
  }

  /**
   * Guesses until one is not let through, which `guess` tells. On a machine where 60 of them take
   * seconds that is later than after 60, and not much later.
   */
  async untilRefused(guess: (count: number) => Promise<boolean>): Promise<void> {
    while (await guess(this.#count)) {
      this.#count++;
      const most = ALL_GUESSES + (this.#clock.elapsed() - this.#startedAt) / NEXT_OF_ALL_MS;
      demand(this.#count <= most, `${Math.floor(most)} guesses and no more`, `${this.#count}`);
    }
    demand(this.#count >= ALL_GUESSES, `${ALL_GUESSES} guesses`, `${this.#count} let through`);
  }
}

let codes = 0;

/** A code that is nobody's with near certainty, and never the one that is given. */
function wrongCode(right: string): string {
  // A fixed step through the codes: a run does not ask for one twice.
  const code = `${(Number(right) + 1 + 7_919 * ++codes) % 1_000_000}`.padStart(6, "0");
  return code === right ? wrongCode(right) : code;
}

function join(roomId: string, userId = "ann") {
  return { type: "join", roomId, userId };
}

async function enterAndLeave(
  ann: Actor,
  keeper: Actor,
  { roomId, passcode }: { roomId: string; passcode: string },
): Promise<void> {
  await ann.join(roomId, { passcode });
  await keeper.hear("user-joined", { userId: "ann" });
  await ann.ask({ type: "leave" }, "leaved");
  await keeper.hear("user-left", { userId: "ann" });
}

/** The status of a room over HTTP. */
async function look(
  scene: Scene,
  at: Place,
  roomId: string,
  address?: string,
): Promise<number> {
  const headers: Record<string, string> = address === undefined
    ? {}
    : { "X-Forwarded-For": address };
  return (await scene.http(`/api/rooms/${roomId}`, { at, headers })).status;
}

function isWait(retryAfterMs: unknown, maxMs: number): void {
  const isGood = typeof retryAfterMs === "number" && retryAfterMs > 0 && retryAfterMs <= maxMs;
  demand(isGood, `a retryAfterMs up to ${maxMs}`, retryAfterMs);
}
