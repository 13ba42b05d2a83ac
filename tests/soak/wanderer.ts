/**
 * The everyday of a soak: a wanderer enters a room, says and does things there, loses its connection
 * and comes back, leaves in one of several ways, and begins again elsewhere. When the run settles it
 * stays where it is.
 */
import { PHRASES } from "../../cli/scenarios/phrases.ts";
import type { SeededRandom } from "../../cli/scenarios/random.ts";
import { Interrupted, pause } from "../../cli/scenarios/waiting.ts";
import { type SoakContext, SoakUser } from "./user.ts";

/** Between two things that a user does. */
const THINK_MS = { least: 20, spread: 240 };
/** Things that a user does in one room. */
const DEEDS = { least: 2, spread: 12 };
/** How long a reader stops. */
const STOP_READING_MS = 300;
/** A lost connection comes back as late as this share of the grace time. */
const LATEST_RETURN = 0.4;
/** After the grace time and this the seat should be gone. */
const GRACE_MARGIN_MS = 300;
/** A session description of the usual length; servers pass it on unread. */
const SDP = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n${"a=candidate:x\r\n".repeat(120)}`;
const CANDIDATE = {
  candidate: "candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host",
  sdpMid: "0",
  sdpMLineIndex: 0,
};
/** What is refused, and as what. */
const GARBAGE: readonly (readonly [frame: string, code: string])[] = [
  ["not JSON", "bad-message"],
  ["[1,2,3]", "bad-message"],
  ['{"type":"dance"}', "unknown-type"],
  ['{"type":"chat","text":""}', "bad-message"],
  ['{"type":"chat","text":"x","to":"no spaces"}', "invalid-user-id"],
  ['{"type":"data","payload":{"__proto__":1}}', "bad-message"],
  [`{"type":"data","payload":${"[".repeat(40)}${"]".repeat(40)}}`, "bad-message"],
  [JSON.stringify({ type: "data", payload: "x".repeat(70_000) }), "message-too-large"],
];
/** Errors of a message to somebody who has left meanwhile. */
const GONE = ["no-such-participant"];

/** What a wanderer goes by. */
export type WanderOptions = {
  readonly context: SoakContext;
  readonly random: SeededRandom;
  /** Unique in the run. */
  readonly name: string;
  /** Where to go next. */
  readonly nextRoom: () => string;
  /** The run settles: nobody begins anything. */
  readonly isSettling: () => boolean;
};

/** Wanders until the run settles. Resolves to the user, where it is in a room then. */
export async function wander(options: WanderOptions): Promise<SoakUser | undefined> {
  const { context, name, nextRoom, isSettling } = options;
  for (let visit = 1; !isSettling(); visit++) {
    const user = new SoakUser(context, { roomId: nextRoom(), userId: `${name}-${visit}` });
    try {
      if (await pay(user, options) === "stays") return user;
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      user.surprise(error instanceof Error ? error.message : `${error}`);
      await user.drop();
      await think(options);
    }
  }
  return undefined;
}

/** One visit. Resolves to whether the user stays, because the run settles. */
async function pay(user: SoakUser, options: WanderOptions): Promise<"stays" | "left"> {
  const { random, name, isSettling } = options;
  await user.connect();
  const isResumable = random.next() < 0.8;
  await user.join({ resumable: isResumable, name: `Wanderer ${name}` });
  for (let deeds = DEEDS.least + random.below(DEEDS.spread); deeds > 0; deeds--) {
    await think(options);
    if (isSettling()) return "stays";
    await act(user, options, isResumable);
  }
  if (isSettling()) return "stays";
  await depart(user, options, isResumable);
  return "left";
}

/** Leaves in one of the ways in which people leave. */
async function depart(
  user: SoakUser,
  { context, random }: WanderOptions,
  isResumable: boolean,
): Promise<void> {
  const chance = random.next();
  if (chance < 0.55) return await user.leave();
  if (chance < 0.7) return await user.close();
  await user.drop();
  if (!isResumable || chance < 0.85) return;
  await pause(context.graceMs + GRACE_MARGIN_MS, context);
  await user.resume();
  await user.close();
}

/** One of the things that users do; the weights are those of a lively room. */
async function act(user: SoakUser, options: WanderOptions, isResumable: boolean): Promise<void> {
  const { random } = options;
  const chance = random.next();
  if (chance < 0.3) return await chat(user, random);
  if (chance < 0.45) return await relay(user, random);
  if (chance < 0.6) return await share(user, random);
  if (chance < 0.68) return await garbage(user, random);
  if (chance < 0.72) {
    return await user.withoutReading(() => pause(STOP_READING_MS, options.context));
  }
  if (isResumable) return await comeBack(user, options);
  await user.request({ type: "ping", at: 1 });
}

async function chat(user: SoakUser, random: SeededRandom): Promise<void> {
  const text = `${user.roomId} ${PHRASES[random.below(PHRASES.length)]}`;
  await user.request({ type: "chat", text });
}

/** An offer, its answer and two candidates, as a call begins; the other may have left meanwhile. */
async function relay(user: SoakUser, random: SeededRandom): Promise<void> {
  const others = [...user.roster].filter((userId) => userId !== user.userId);
  const to = others[random.below(others.length)];
  if (to === undefined) return;
  await Promise.all([
    user.request({ type: "offer", to, description: { type: "offer", sdp: SDP } }, GONE),
    user.request({ type: "ice-candidate", to, candidate: CANDIDATE }, GONE),
    user.request({ type: "ice-candidate", to, candidate: null }, GONE),
    user.request({ type: "answer", to, description: { type: "answer", sdp: SDP } }, GONE),
  ]);
}

async function share(user: SoakUser, random: SeededRandom): Promise<void> {
  const isOn = random.next() < 0.5;
  await Promise.all([
    user.request({ type: "state", audio: isOn, hand: !isOn }),
    user.request({ type: "data", payload: { slide: random.below(100), text: "x".repeat(500) } }),
    user.request({ type: "stats", bitrateKbps: 1_000, path: isOn ? "p2p" : "turn" }),
  ]);
}

/** Frames that are refused, fewer than end a connection, and a good one that ends the row (ER3). */
async function garbage(user: SoakUser, random: SeededRandom): Promise<void> {
  for (let n = 1 + random.below(4); n > 0; n--) {
    const [frame, code] = GARBAGE[random.below(GARBAGE.length)]!;
    user.sendGarbage(frame, code);
  }
  await user.request({ type: "ping", at: 2 });
  if (user.strays.length > 0) user.surprise(`no error came for ${user.strays.join(", ")}`);
}

/** Loses the connection and resumes, once or twice in a row, or takes over the one it has. */
async function comeBack(user: SoakUser, { context, random }: WanderOptions): Promise<void> {
  const isTakeover = random.next() < 0.3;
  for (let times = random.next() < 0.3 ? 2 : 1; times > 0; times--) {
    if (!isTakeover) {
      await user.drop();
      await pause(random.below(context.graceMs * LATEST_RETURN), context);
    }
    // On a busy machine the grace time can be over all the same.
    if (!await user.resume()) await user.join({ resumable: true });
  }
}

function think({ context, random }: WanderOptions): Promise<void> {
  return pause(THINK_MS.least + random.below(THINK_MS.spread), context);
}
