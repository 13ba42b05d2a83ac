/**
 * Scripts about many at once: rooms that are full, rooms side by side whose people have the same
 * names, and people who come and go faster than one can look (rules LI1, JO5, OR1, OR2).
 */
import type { PhaseContext } from "../phase_context.ts";
import { settle } from "../phases.ts";
import type { Phase } from "../progress.ts";
import { pause } from "../waiting.ts";
import type { Guest } from "./guest.ts";
import { all, type Scene } from "./scene.ts";

/** Larger rooms are not filled: an address may not hold so many connections (rule CO10). */
const MAX_FILLED = 250;
/** How often a room is full again. */
const ROUNDS = 3;
/** The ids that there are in every room. */
const SAME_IDS = ["ann", "bob"] as const;
/** Joins of the storm over all users, and as many leaves. */
const STORM_JOINS = 200;
/** And of each user at most: with as many leaves less than a server takes of one client at once. */
const MAX_TURNS = 50;
/** How often one asks again for the place of a connection that was just lost. */
const RETRY_MS = 25;

/** Fills a room, is refused one more, and finds the place usable again when one has gone. */
export async function fillRoom(scene: Scene): Promise<void> {
  const members = [await scene.enter("member-1")];
  const size = members[0]!.limit("maxParticipants");
  if (size === 0 || size > MAX_FILLED) {
    scene.context.notes.push(`Not checked that rooms are full (LI1): they hold ${size}`);
    return;
  }
  for (let number = 2; number <= size; number++) {
    members.push(await scene.enter(`member-${number}`));
  }
  for (let round = 1; round <= ROUNDS; round++) {
    const late = await scene.connect(`late-${round}`);
    await scene.catchUp(members);
    const since = members.map(({ heard }) => heard.length);
    await scene.refused(late, scene.join(late), "room-full", "LI1");
    await scene.catchUp(members);
    for (const [index, member] of members.entries()) {
      const seen = member.heardSince(since[index]!, "user-joined", "user-left");
      scene.check(member, "ER2", { message: "of one who was refused", expected: [], seen });
    }
    const gone = members.shift()!;
    if (round % 2 === 1) await scene.leave(gone);
    else await gone.lose();
    await takePlace(scene, late);
    members.push(late);
  }
  const expected = members.map(({ userId }) => userId).sort();
  await scene.catchUp(members);
  for (const member of members) {
    const seen = [...member.roster ?? []].sort();
    scene.check(member, "LI1", { message: "its roster", expected, seen });
  }
}

/** Rooms with people of the same ids talk at the same time: each word stays where it was said. */
export async function talkSideBySide(scenes: readonly Scene[]): Promise<void> {
  const rooms = await Promise.all(scenes.map(async (scene) => {
    const members: Guest[] = [];
    for (const id of [...SAME_IDS, ...scene.userIds]) members.push(await scene.enter(id));
    return { scene, members };
  }));
  await all(rooms.map(async ({ scene, members }, index) => {
    const elsewhere = scenes[(index + 1) % scenes.length]!.userIds[0]!;
    const [ann] = members as [Guest, ...Guest[]];
    for (const speaker of members) {
      await scene.chat(speaker, `${speaker.userId} in ${scene.roomId}`);
      const to = speaker === ann ? SAME_IDS[1] : SAME_IDS[0];
      const description = { type: "offer", sdp: `${speaker.userId} in ${scene.roomId}` };
      await scene.must(speaker, { type: "offer", to, description }, "ok", "RL1");
      const payload = { room: scene.roomId };
      await scene.must(speaker, { type: "data", payload }, "data", "DA1");
      if (scenes.length === 1) continue;
      const stray = { type: "offer", to: elsewhere, description };
      await scene.refused(speaker, stray, "no-such-participant", "RL2");
    }
  }));
  await all(rooms.map(async ({ scene, members }) => {
    await scene.catchUp(members);
    for (const member of members) checkOwnRoom(scene, members, member);
  }));
}

/** All but one of each room leave and join, again and again, without a look at the others. */
export async function comeAndGo(context: PhaseContext, phase: Phase): Promise<void> {
  const { users, rooms, counts } = context;
  const stayers = rooms.map((room) => users.find((user) => user.room === room)!);
  const movers = users.filter((user) => !stayers.includes(user));
  const turns = Math.min(MAX_TURNS, Math.ceil(STORM_JOINS / movers.length));
  phase.total = turns * movers.length;
  await all(movers.map(async (user) => {
    for (let turn = 0; turn < turns; turn++) {
      await user.leave(context.step);
      counts.leaves++;
      const answer = await user.join(context.step);
      if (answer?.isOk) counts.returns++;
      phase.done++;
    }
  }));
  await settle(context, phase);
  context.step++;
  // One last word a room marks the end of what those saw who returned.
  for (const stayer of stayers) stayer.chat("Everybody back?", context.step);
  counts.chats += stayers.length;
  await settle(context, phase);
}

/** A leave frees the place at once, a lost connection as soon as the server hears of it. */
async function takePlace(scene: Scene, guest: Guest): Promise<void> {
  const { clock, settings } = scene.context;
  const giveUpAt = clock.elapsed() + settings.timeoutMs;
  while (clock.elapsed() < giveUpAt) {
    const { type } = await guest.ask(scene.join(guest));
    if (type === "joined") return;
    await pause(RETRY_MS, scene.context);
  }
  await scene.must(guest, scene.join(guest), "joined", "LI1");
}

function checkOwnRoom(scene: Scene, members: readonly Guest[], member: Guest): void {
  const words = members.map(({ userId }) => `${userId} in ${scene.roomId}`).sort();
  const chats = member.heardSince(0, "chat").map(({ text }) => String(text)).sort();
  scene.check(member, "OR2", { message: "chat", expected: words, seen: chats });
  const rooms = new Set(
    member.heardSince(0, "data").map(({ payload }) => JSON.stringify(payload)),
  );
  const expected = [JSON.stringify({ room: scene.roomId })];
  scene.check(member, "OR2", { message: "data", expected, seen: [...rooms] });
  const [ann, bob] = SAME_IDS;
  const callers = members.map(({ userId }) => userId)
    .filter((userId) => member.userId === (userId === ann ? bob : ann)).sort();
  const offers = member.heardSince(0, "offer").map(({ from }) => String(from)).sort();
  scene.check(member, "RL1", { message: "offers", expected: callers, seen: offers });
}
