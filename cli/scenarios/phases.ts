/**
 * The phases of a simulation, in the order in which they run: connect, join, chat and churn, hold,
 * leave, and the look whether the rooms are gone. Each ends at a barrier; `Simulation` runs them.
 */
import { SUBPROTOCOL } from "../../src/protocol/wire.ts";
import { ConnectError, SubprotocolError } from "../client.ts";
import { arrivalTimes } from "./arrivals.ts";
import { reasonToWait } from "./barrier.ts";
import { type BreakKind, type BreakPlan, Breaks } from "./breaks.ts";
import { forEachAt, forEachPaced, type PacedAction, untilDue } from "./pacing.ts";
import { PHRASES } from "./phrases.ts";
import type { PhaseContext } from "./phase_context.ts";
import type { Phase } from "./progress.ts";
import { planChat } from "./settings.ts";
import type { SimulatedUser } from "./simulated_user.ts";
import { Interrupted, pause, Stalled, waitUntil } from "./waiting.ts";

/** Rooms that are asked for at once over HTTP. */
const PROBES_AT_ONCE = 16;

/** Everybody connects. Rejects with ConnectError when the first user reaches no server. */
export async function connect(context: PhaseContext, phase: Phase): Promise<void> {
  const { users } = context;
  phase.total = users.length;
  await connectFirst(users[0]!);
  phase.done++;
  await forEachArriving(users.slice(1), context, async (user, dueAt) => {
    await connectOne(user, dueAt);
    phase.done++;
  });
}

/** Everybody joins. */
export async function join(context: PhaseContext, phase: Phase): Promise<void> {
  const { users, counts } = context;
  const connected = users.filter((user) => user.isConnected);
  phase.total = connected.length;
  await forEachArriving(connected, context, async (user, dueAt) => {
    const answer = await user.join(context.step, { dueAt });
    if (answer?.isOk) counts.joins++;
    phase.done++;
  });
  await settle(context, phase);
}

/** Everybody connects and joins at once: a join follows the connection that it needs. */
export async function arrive(context: PhaseContext, phase: Phase): Promise<void> {
  const { users, counts } = context;
  phase.total = users.length;
  await connectFirst(users[0]!);
  await forEachArriving(users, context, async (user, dueAt) => {
    if (!user.isConnected) await connectOne(user, dueAt);
    if (!user.isConnected) return;
    const answer = await user.join(context.step);
    if (answer?.isOk) counts.joins++;
    phase.done++;
  });
  await settle(context, phase);
}

/** `action` for each user when it arrives: as asked, else at the rate, else as fast as is useful. */
async function forEachArriving(
  users: readonly SimulatedUser[],
  context: PhaseContext,
  action: PacedAction<SimulatedUser>,
): Promise<void> {
  const { settings: { arrival, rate }, random } = context;
  if (arrival === undefined) {
    return await forEachPaced(users, action, { ...context, perSecond: rate });
  }
  const times = arrivalTimes(users.length, arrival, random);
  await forEachAt(users, action, { ...context, times });
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

async function connectOne(user: SimulatedUser, dueAt: number): Promise<void> {
  try {
    await user.connect(dueAt);
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    user.witness.report("CO1", "the upgrade", "a connection", error.message);
  }
}

/** Everybody chats, while some take breaks. */
export async function chat(
  context: PhaseContext,
  phase: Phase,
  plan: BreakPlan = breakPlan(context, "return"),
): Promise<void> {
  const breaks = new Breaks(context, plan);
  breaks.start();
  try {
    await speak(context, phase, breaks);
  } finally {
    breaks.halt();
  }
  await endOfStay(context, phase, breaks);
}

/** Sends the chat messages that the settings ask for. */
export async function speak(context: PhaseContext, phase: Phase, breaks: Breaks): Promise<void> {
  const { settings, clock, random } = context;
  const { messages, perSecond } = planChat(settings);
  phase.total += messages;
  const startedAt = clock.elapsed();
  let speakers: SimulatedUser[] = [];
  for (let sent = 0; sent < messages; sent++) {
    const dueAt = await untilDue(sent, { ...context, startedAt, perSecond });
    if (speakers.length === 0) speakers = findSpeakers(context, breaks);
    const speaker = speakers.pop()!;
    if (speaker.stay !== undefined && !breaks.isAway(speaker)) {
      speaker.chat(PHRASES[random.below(PHRASES.length)]!, context.step, dueAt);
      context.counts.chats++;
    }
    phase.done++;
  }
}

/** Everybody takes breaks, as many as the settings ask for. */
export function breakPlan({ users, settings }: PhaseContext, kind: BreakKind | "both"): BreakPlan {
  return { kind, users, perSecond: settings.churn * users.length };
}

/** All users in another order; there must be somebody left to speak. */
function findSpeakers({ users, random }: PhaseContext, breaks: Breaks): SimulatedUser[] {
  if (users.some((user) => user.stay !== undefined || breaks.isAway(user))) {
    return random.shuffled(users);
  }
  throw new Stalled("nobody is in a room any more");
}

/** Everybody stays without a word, while some take breaks. */
export async function hold(context: PhaseContext, phase: Phase): Promise<void> {
  const { settings, clock } = context;
  const breaks = new Breaks(context, breakPlan(context, "return"));
  phase.total = settings.holdMs;
  breaks.start();
  const startedAt = clock.elapsed();
  try {
    while (phase.done < settings.holdMs) {
      await pause(Math.min(100, settings.holdMs - phase.done), context);
      phase.done = Math.min(settings.holdMs, Math.round(clock.elapsed() - startedAt));
    }
  } finally {
    breaks.halt();
  }
  await endOfStay(context, phase, breaks);
}

/** Everybody leaves, in waves, so that each departure has witnesses; some drop their socket. */
export async function leave(context: PhaseContext, phase: Phase): Promise<void> {
  const { settings, random, users, counts } = context;
  const present = users.filter((user) => user.stay !== undefined);
  const firstRoom = context.rooms[0]!.history.roomId;
  context.canSeeRooms = await context.probe.look(firstRoom) === "present";
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

/** Whether the rooms are gone. */
export async function checkGone(context: PhaseContext, phase: Phase): Promise<void> {
  const { rooms, run, settings, clock, probe } = context;
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
export async function endOfStay(
  context: PhaseContext,
  phase: Phase,
  breaks: Breaks,
): Promise<void> {
  const { settings, rooms, users } = context;
  try {
    await breaks.stop();
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
