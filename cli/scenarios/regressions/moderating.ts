/**
 * Scripts about hosts and the people at the door: lobby, kick, and who is host when the host goes
 * (rules HO1 to HO4, KI1 to KI4, LB1 to LB8). All over the wire, with the rights that the wire gives.
 */
import type { Guest } from "./guest.ts";
import type { Scene } from "./scene.ts";

/** Everybody is at the door of a room with a lobby before its host is: all have to wait. */
export async function arriveEarly(scene: Scene): Promise<void> {
  const { host, hostKey } = await makeRoomWithLobby(scene);
  const [first, ...others] = await connectGuests(scene);
  await knock(scene, first!);
  await scene.must(first!, { type: "leave" }, "leaved", "LE2");
  // Whoever comes when all who waited have gone finds the room as it was reserved.
  for (const guest of [...others, first!]) await knock(scene, guest);
  for (const guest of others) {
    await scene.refused(guest, { type: "chat", text: "Anybody there?" }, "not-joined", "LB2");
    await scene.refused(guest, { type: "admit", userId: guest.userId }, "not-joined", "HO4");
    await scene.refused(guest, { type: "lobby", enabled: false }, "not-joined", "HO4");
  }
  const { users } = await scene.letIn(host, { hostKey });
  scene.check(host, "LB8", { message: "joined", expected: [host.userId], seen: users });
  await host.catchUp();
  const knocks = host.heardSince(0, "knock").map(({ userId }) => userId).sort();
  const expected = [...others, first!].map(({ userId }) => userId).sort();
  scene.check(host, "LB3", { message: "knock", expected, seen: knocks });
  await scene.must(host, { type: "admit", userId: first!.userId }, "ok", "LB4");
  await scene.catchUp([first!, ...others]);
  checkRooms(scene, { inside: [first!], outside: others });
  for (const { userId } of others) await scene.must(host, { type: "deny", userId }, "ok", "LB5");
  await scene.catchUp(others);
  for (const guest of others) {
    const seen = guest.heardSince(0, "leaved").map(({ reason }) => reason);
    scene.check(guest, "LB5", { message: "leaved", expected: ["denied"], seen });
  }
}

/** A host admits one after the other: each time exactly that one enters. */
export async function admitOneByOne(scene: Scene): Promise<void> {
  const { host, hostKey } = await makeRoomWithLobby(scene);
  await scene.letIn(host, { hostKey });
  const guests = await connectGuests(scene);
  for (const guest of guests) await knock(scene, guest);
  for (const [index, { userId }] of guests.entries()) {
    await scene.must(host, { type: "admit", userId }, "ok", "LB4");
    await scene.catchUp([host, ...guests]);
    const inside = guests.slice(0, index + 1);
    checkRooms(scene, { inside, outside: guests.slice(index + 1) });
    for (const member of [host, ...inside.slice(0, -1)]) {
      const seen = member.heardSince(0, "user-joined").at(-1)?.userId;
      scene.check(member, "LB4", { message: "user-joined", expected: userId, seen });
    }
  }
  for (const { userId } of guests.slice(0, 1)) {
    await scene.refused(host, { type: "admit", userId }, "no-such-participant", "LB4");
  }
}

/** Who was kicked tries to come back by every way that is its own. */
export async function kickAndKeepOut(scene: Scene): Promise<void> {
  const [host, victim, ...others] = await scene.enterAll() as [Guest, Guest, ...Guest[]];
  const { userId } = victim;
  const since = others.map(({ heard }) => heard.length);
  await scene.must(host, { type: "kick", userId }, "ok", "KI1");
  await scene.catchUp([victim, ...others]);
  const told = victim.heardSince(0, "leaved").map(({ reason }) => reason);
  scene.check(victim, "KI1", { message: "leaved", expected: ["kicked"], seen: told });
  await scene.refused(victim, scene.join(victim), "not-allowed", "KI2");
  await scene.refused(victim, scene.join({ userId: `${userId}-again` }), "not-allowed", "KI2");
  const again = await scene.connect(userId);
  await scene.refused(again, scene.join(again), "not-allowed", "KI2");
  await scene.must(host, { type: "lock", locked: true }, "ok", "LK1");
  await scene.refused(again, scene.join(again), "not-allowed", "KI2");
  await scene.must(host, { type: "lock", locked: false }, "ok", "LK1");
  await scene.catchUp(others);
  for (const [index, other] of others.entries()) {
    const seen = other.heardSince(since[index]!, "user-left", "user-joined")
      .map(({ type, reason }) => [type, reason]);
    const message = `of ${userId}`;
    scene.check(other, "KI1", { message, expected: [["user-left", "kicked"]], seen });
  }
  await scene.checkRosters([host, ...others]);
}

/** The host goes, by a word or without; so does the next, until one is left. */
export async function handOver(scene: Scene): Promise<void> {
  const members = await scene.enterAll();
  for (let round = 0; members.length > 1; round++) {
    const since = members.map(({ heard }) => heard.length).slice(1);
    const [host, heir, ...others] = members as [Guest, Guest, ...Guest[]];
    members.shift();
    if (round % 2 === 0) await scene.leave(host);
    else await host.lose();
    for (const [index, member] of members.entries()) {
      const at = since[index]!;
      const message = `host-changed to ${heir.userId}`;
      const isIt = ({ type }: { type?: unknown }) => type === "host-changed";
      await member.hear({ rule: "HO3", message, since: at, isIt });
      const seen = member.heardSince(at, "user-left", "host-changed").map(({ userId }) => userId);
      scene.check(member, "HO3", { message, expected: [host.userId, heir.userId], seen });
    }
    for (const other of others) {
      await scene.refused(other, { type: "lock", locked: true }, "not-allowed", "HO4");
    }
    await scene.must(heir, { type: "lock", locked: true }, "ok", "HO3");
    await scene.must(heir, { type: "lock", locked: false }, "ok", "HO3");
  }
}

/** The first of the scene makes a room that others have to wait for. */
async function makeRoomWithLobby(scene: Scene): Promise<{ host: Guest; hostKey: unknown }> {
  const host = await scene.connect(scene.userIds[0]!);
  const request = { type: "create-room", kind: "meeting", lobby: true };
  const { roomId, hostKey } = await scene.must(host, request, "room-created", "CR1");
  scene.roomId = String(roomId);
  return { host, hostKey };
}

function connectGuests(scene: Scene): Promise<Guest[]> {
  return Promise.all(scene.userIds.slice(1).map((userId) => scene.connect(userId)));
}

async function knock(scene: Scene, guest: Guest): Promise<void> {
  await scene.must(guest, scene.join(guest), "waiting", "LB2");
}

/** Those inside were let in once, those outside not at all. */
function checkRooms(
  scene: Scene,
  { inside, outside }: { inside: readonly Guest[]; outside: readonly Guest[] },
): void {
  for (const guest of [...inside, ...outside]) {
    const seen = guest.heardSince(0, "joined").length;
    const expected = inside.includes(guest) ? 1 : 0;
    scene.check(guest, "LB4", { message: "times joined", expected, seen });
  }
}
