/**
 * A meeting from its code to its end: a host asks for a room, open, with a passcode or with a lobby;
 * guests come, some are refused or sent away; then it ends for all, or everybody goes.
 */
import type { SeededRandom } from "../../cli/scenarios/random.ts";
import { type SoakContext, SoakUser } from "./user.ts";

const PASSCODE = "correct horse";

/** What a meeting goes by. */
export type MeetingOptions = {
  readonly context: SoakContext;
  readonly random: SeededRandom;
  /** Unique in the run. */
  readonly name: string;
  /**
   * Whether a guest may try a wrong passcode now: the server bounds wrong guesses (rule TH1), so that
   * is not for every meeting.
   */
  readonly mayGuess: () => boolean;
};

/** Holds one meeting from its beginning to its end. */
export async function meet(options: MeetingOptions): Promise<void> {
  const { context, random, name } = options;
  const [hasPasscode, hasLobby] = [random.next() < 0.4, random.next() < 0.4];
  const { roomId, hostKey } = await createRoom(options, { hasPasscode, hasLobby });
  const proof = hasPasscode ? { passcode: PASSCODE } : {};
  const host = new SoakUser(context, { roomId, userId: `${name}-host` });
  const guests = Array.from(
    { length: 1 + random.below(3) },
    (_, n) => new SoakUser(context, { roomId, userId: `${name}-guest-${n}` }),
  );
  await host.connect();
  await host.join({ hostKey, resumable: true });
  for (const guest of guests) {
    await guest.connect();
    if (hasPasscode && options.mayGuess()) {
      await guest.join({ passcode: "wrong" }, ["bad-passcode"]);
    }
    await enter(guest, { host, hasLobby, proof, isDenied: random.next() < 0.2 });
  }
  const present = guests.filter(({ isIn }) => isIn);
  await Promise.all(
    [host, ...present].map((one) => one.request({ type: "chat", text: `${roomId} good morning` })),
  );
  const kicked = random.next() < 0.3 ? present[0] : undefined;
  if (kicked !== undefined) await sendAway(host, kicked);
  await host.request({ type: "lock", locked: true });
  await end(host, guests, random.next() < 0.6);
  context.ledger.counts.meetings++;
}

/** Whoever asks for the room need not be in it (rule CR2). */
async function createRoom(
  { context, name }: MeetingOptions,
  { hasPasscode, hasLobby }: { hasPasscode: boolean; hasLobby: boolean },
): Promise<{ roomId: string; hostKey: string }> {
  const asker = new SoakUser(context, { roomId: "", userId: `${name}-asker` });
  await asker.connect();
  const { roomId, hostKey } = await asker.request({
    type: "create-room",
    kind: "meeting",
    lobby: hasLobby,
    ...hasPasscode ? { passcode: PASSCODE } : {},
  });
  await asker.close();
  return { roomId: `${roomId}`, hostKey: `${hostKey}` };
}

/** Joins, and where there is a lobby waits there until the host decides. */
async function enter(
  guest: SoakUser,
  options: { host: SoakUser; hasLobby: boolean; proof: object; isDenied: boolean },
): Promise<void> {
  const { host, hasLobby, proof, isDenied } = options;
  const { userId } = guest;
  const { type } = await guest.join({ ...proof, resumable: true });
  const expected = hasLobby ? "waiting" : "joined";
  if (type !== expected) guest.surprise(`its join was answered with ${type}, not ${expected}`);
  if (!hasLobby) return;
  await host.until(
    () => host.heard.get("knock")?.find((knock) => knock.userId === userId),
    `the knock of ${userId}`,
  );
  guest.mayBeSentAway = isDenied;
  await host.request({ type: isDenied ? "deny" : "admit", userId });
  const answer = isDenied ? "leaved" : "joined";
  await guest.until(() => guest.heard.get(answer), answer);
}

/** A kick, and the try to come back that it forbids (rule KI2). */
async function sendAway(host: SoakUser, guest: SoakUser): Promise<void> {
  guest.mayBeSentAway = true;
  await host.request({ type: "mute", userId: guest.userId, kind: "audio" });
  await host.request({ type: "kick", userId: guest.userId });
  await guest.until(() => guest.heard.get("leaved"), "leaved");
  await guest.join({}, ["not-allowed"]);
}

async function end(host: SoakUser, guests: readonly SoakUser[], endsForAll: boolean) {
  const present = guests.filter(({ isIn }) => isIn);
  for (const one of [host, ...present]) one.mayBeSentAway = true;
  if (endsForAll) {
    await host.request({ type: "end-room" });
    for (const one of present) await one.until(() => one.heard.get("leaved"), "leaved");
  } else {
    await host.leave();
    for (const one of present) await one.leave();
  }
  for (const one of [host, ...guests]) await one.close();
}
