/**
 * The phases of a simulation, in the order in which they run: connect, join, chat and churn, hold,
 * leave, and the look whether the rooms are gone. Each ends at a barrier; `Simulation` runs them.
 */
import { SUBPROTOCOL } from "../../src/protocol/wire.ts";
import { ConnectError, SubprotocolError } from "../client.ts";
import { reasonToWait } from "./barrier.ts";
import { Churn } from "./churn.ts";
import { forEachPaced, untilDue } from "./pacing.ts";
import { PHRASES } from "./phrases.ts";
import type { PhaseContext } from "./phase_context.ts";
import type { Phase } from "./progress.ts";
import type { RoomProbe } from "./room_probe.ts";
import { planChat } from "./settings.ts";
import type { SimulatedUser } from "./simulated_user.ts";
import { Interrupted, pause, Stalled, waitUntil } from "./waiting.ts";

/** Rooms that are asked for at once over HTTP. */
const PROBES_AT_ONCE = 16;

/** Everybody connects. Rejects with ConnectError when the first user reaches no server. */
export async function connect(context: PhaseContext, phase: Phase): Promise<void> {
  const { users, settings } = context;
  phase.total = users.length;
  await connectFirst(users[0]!);
  phase.done++;
  await forEachPaced(users.slice(1), async (user) => {
    try {
      await user.connect();
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      user.witness.report("CO1", "the upgrade", "a connection", error.message);
    }
    phase.done++;
  }, { ...context, perSecond: settings.rate });
}

async function connectFirst(user: SimulatedUser): Promise<void> {
  try {
    await user.connect();
  } catch (error) {
    if (!(error instanceof SubprotocolError)) throw error;
    user.witness.report("CO3", "the upgrade", `subprotocol "${SUBPROTOCOL}"`, "none or another");
    throw new Stalled(error.message, { cause: error });
  }
}

/** Everybody joins. */
export async function join(context: PhaseContext, phase: Phase): Promise<void> {
  const { users, settings, counts } = context;
  const connected = users.filter((user) => user.isConnected);
  phase.total = connected.length;
  await forEachPaced(connected, async (user) => {
    const answer = await user.join(context.step);
    if (answer?.isOk) counts.joins++;
    phase.done++;
  }, { ...context, perSecond: settings.rate });
  await settle(context, phase);
}

/** Everybody chats, while some leave and return. */
export async function chat(context: PhaseContext, phase: Phase): Promise<void> {
  const { settings, clock, random, users } = context;
  const { messages, perSecond } = planChat(settings);
  const churn = new Churn(context, context.step);
  phase.total = messages;
  churn.start(settings.churn * users.length);
  const startedAt = clock.elapsed();
  let speakers: SimulatedUser[] = [];
  try {
    for (let sent = 0; sent < messages; sent++) {
      await untilDue(sent, { ...context, startedAt, perSecond });
      if (speakers.length === 0) speakers = findSpeakers(context, churn);
      const speaker = speakers.pop()!;
      if (speaker.stay !== undefined && !churn.isAway(speaker)) {
        speaker.chat(PHRASES[random.below(PHRASES.length)]!, context.step);
        context.counts.chats++;
      }
      phase.done++;
    }
  } finally {
    churn.halt();
  }
  await endOfStay(context, churn, phase);
}

/** All users in another order; there must be somebody left to speak. */
function findSpeakers({ users, random }: PhaseContext, churn: Churn): SimulatedUser[] {
  if (users.some((user) => user.stay !== undefined || churn.isAway(user))) {
    return random.shuffled(users);
  }
  throw new Stalled("nobody is in a room any more");
}

/** Everybody stays without a word, while some leave and return. */
export async function hold(context: PhaseContext, phase: Phase): Promise<void> {
  const { settings, users, clock } = context;
  const churn = new Churn(context, context.step);
  phase.total = settings.holdMs;
  churn.start(settings.churn * users.length);
  const startedAt = clock.elapsed();
  try {
    while (phase.done < settings.holdMs) {
      await pause(Math.min(100, settings.holdMs - phase.done), context);
      phase.done = Math.min(settings.holdMs, Math.round(clock.elapsed() - startedAt));
    }
  } finally {
    churn.halt();
  }
  await endOfStay(context, churn, phase);
}

/** Everybody leaves, in waves, so that each departure has witnesses; some drop their socket. */
export async function leave(context: PhaseContext, phase: Phase): Promise<void> {
  const { settings, random, users, counts } = context;
  const present = users.filter((user) => user.stay !== undefined);
  const drops = new Set(
    random.shuffled(present).slice(0, dropCount(present.length, settings.dropRatio)),
  );
  phase.total = present.length;
  let staying = byRoom(random.shuffled(present));
  while (staying.length > 0) {
    const wave = staying.flatMap((room) => room.slice(0, Math.max(1, Math.floor(room.length / 2))));
    staying = staying.map((room) => room.slice(Math.max(1, Math.floor(room.length / 2))))
      .filter((room) => room.length > 0);
    await forEachPaced(wave, async (user) => {
      if (drops.has(user)) counts.drops++;
      else counts.leaves++;
      if (drops.has(user)) await user.drop(context.step);
      else await user.leave(context.step);
      phase.done++;
    }, { ...context, perSecond: settings.rate });
    await settle(context, phase);
    context.step++;
  }
}

/** Whether the rooms are gone, as far as the server can be asked. */
export async function checkGone(
  context: PhaseContext,
  phase: Phase,
  probe: RoomProbe,
): Promise<void> {
  const { rooms, run, settings, clock } = context;
  phase.total = rooms.length;
  const giveUpAt = clock.elapsed() + settings.timeoutMs;
  let next = 0;
  const worker = async () => {
    while (next < rooms.length) {
      const { roomId } = rooms[next++]!.history;
      let sight = await probe.look(roomId);
      while (sight !== "gone" && clock.elapsed() < giveUpAt) {
        await pause(20, context);
        sight = await probe.look(roomId);
      }
      run.tally.add("LE5");
      phase.done++;
      if (sight === "gone") continue;
      run.findings.add({
        rule: "LE5",
        roomId,
        userId: "(nobody)",
        message: `GET /api/rooms/${roomId}`,
        expected: "404: everybody has left",
        seen: sight === "present" ? "the room" : "neither the room nor 404",
      });
    }
  };
  await Promise.all(Array.from({ length: PROBES_AT_ONCE }, worker));
}

/** Waits until everybody has seen what happened in this step. */
export async function settle(context: PhaseContext, phase: Phase): Promise<void> {
  const { users, settings, run } = context;
  await waitUntil(() => reasonToWait(users), {
    ...context,
    timeoutMs: settings.timeoutMs,
    activity: () => run.received,
    onWaiting: (reason) => phase.note = reason,
  });
  phase.note = "";
}

/** Everybody is back; one last message a room marks the end of what those saw who returned. */
async function endOfStay(context: PhaseContext, churn: Churn, phase: Phase): Promise<void> {
  const { settings, rooms, users } = context;
  try {
    await churn.stop();
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    throw error instanceof ConnectError ? new Stalled(error.message, { cause: error }) : error;
  }
  await settle(context, phase);
  if (settings.churn === 0) return;
  context.step++;
  for (const room of rooms) {
    const speaker = users.find((user) => user.room === room && user.stay !== undefined);
    if (speaker !== undefined) context.counts.chats++;
    speaker?.chat("Everybody back?", context.step);
  }
  await settle(context, phase);
}

function dropCount(users: number, ratio: number): number {
  if (ratio === 0 || users < 2) return Math.round(users * ratio);
  return Math.max(1, Math.round(users * ratio));
}

function byRoom(users: readonly SimulatedUser[]): SimulatedUser[][] {
  const rooms = new Map<unknown, SimulatedUser[]>();
  for (const user of users) {
    const members = rooms.get(user.room);
    if (members === undefined) rooms.set(user.room, [user]);
    else members.push(user);
  }
  return [...rooms.values()];
}
