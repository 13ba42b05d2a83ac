/**
 * Scripts about people who go and come again under the same id, without a seat that waits for them:
 * the id has to be free again, and the others have to hear of both (rules LE3, LE7, JO3).
 */
import { pause } from "../waiting.ts";
import type { Guest } from "./guest.ts";
import type { Scene } from "./scene.ts";

/** How often one asks for an id again whose connection has just been lost. */
const RETRY_MS = 25;

/** Everybody in turn loses the network and asks for the same id again. */
export async function returnAfterLoss(scene: Scene): Promise<void> {
  const members = await scene.enterAll();
  for (let index = 0; index < members.length; index++) {
    await members[index]!.lose();
    scene.context.counts.drops++;
    members[index] = await enterOnceFree(scene, members[index]!.userId);
    scene.context.counts.returns++;
  }
  await scene.checkRosters(members);
}

/** Everybody in turn leaves in each of the ways there are, and comes again at once. */
export async function returnAtOnce(scene: Scene): Promise<void> {
  const members = await scene.enterAll();
  for (const way of ["leave", "close", "lose"] as const) {
    for (let index = 0; index < members.length; index++) {
      const since = members.map(({ heard }) => heard.length);
      members[index] = await goAndReturn(scene, members[index]!, way);
      await scene.catchUp(members);
      const { userId } = members[index]!;
      for (const [other, member] of members.entries()) {
        if (other !== index) checkBothHeard(scene, { member, since: since[other]!, userId });
      }
    }
  }
  await scene.checkRosters(members);
}

async function goAndReturn(
  scene: Scene,
  guest: Guest,
  way: "leave" | "close" | "lose",
): Promise<Guest> {
  scene.context.counts.returns++;
  if (way !== "leave") {
    await guest[way]();
    return await enterOnceFree(scene, guest.userId);
  }
  await scene.leave(guest);
  await scene.letIn(guest);
  return guest;
}

/** The server may hear of the end of a connection later than of the next one: then one asks again. */
async function enterOnceFree(scene: Scene, userId: string): Promise<Guest> {
  const { clock, settings, counts, run } = scene.context;
  const guest = await scene.connect(userId);
  const giveUpAt = clock.elapsed() + settings.timeoutMs;
  for (;;) {
    if (clock.elapsed() >= giveUpAt) {
      await scene.must(guest, scene.join(guest), "joined", "JO5");
      return guest;
    }
    const { type } = await guest.ask(scene.join(guest));
    if (type === "joined") break;
    await pause(RETRY_MS, scene.context);
  }
  counts.joins++;
  run.tally.add("JO5");
  return guest;
}

function checkBothHeard(
  scene: Scene,
  { member, since, userId }: { member: Guest; since: number; userId: string },
): void {
  const seen = member.heardSince(since, "user-joined", "user-left")
    .filter((message) => message.userId === userId).map(({ type }) => type);
  const expected = ["user-left", "user-joined"];
  scene.check(member, "JO3", { message: `of ${userId}, who left and came`, expected, seen });
}
