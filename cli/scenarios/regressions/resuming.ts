/**
 * Scripts about connections that are lost, and seats that are taken again: each has to end with one
 * participant for one person, who missed nothing (rules RE1 to RE8).
 */
import { pause } from "../waiting.ts";
import type { Guest } from "./guest.ts";
import type { Message } from "./guest_view.ts";
import type { Scene } from "./scene.ts";

/** As often as the report names; what breaks at the fourth time passes at the first. */
const SWITCHES = 4;
/** Beyond the grace time: timers of a busy machine are late. */
const GRACE_MARGIN_MS = 50;

/** Everybody but one changes the network four times, half of the times without the server noticing. */
export async function switchNetworks(scene: Scene): Promise<void> {
  const members = await scene.enterAll({ resumable: true });
  const [observer, ...walkers] = members as [Guest, ...Guest[]]; // A room has two at least.
  const since = members.map(({ heard }) => heard.length);
  const said: string[] = [];
  for (const walker of walkers) {
    for (let count = 1; count <= SWITCHES; count++) {
      const before = observer.heard.length;
      if (count % 2 === 0) walker.stopReading();
      else await loseAndBeSeen(scene, { lost: walker, observer });
      said.push(`Word ${count} while ${walker.userId} is away`);
      await scene.chat(observer, said.at(-1)!);
      await resume(scene, walker);
      await scene.catchUp(members);
      checkQuiet(scene, { observer, walker, before });
    }
  }
  members.forEach((member, index) => checkSaid(scene, { member, since: since[index]!, said }));
  const { participants } = await scene.checkRosters(members);
  checkAllThere(scene, observer, participants);
}

/** Everybody in turn loses the connection and comes back, twice in a row. */
export async function resumeTwice(scene: Scene): Promise<void> {
  const members = await scene.enterAll({ resumable: true });
  for (const [index, lost] of members.entries()) {
    const observer = members[(index + 1) % members.length]!;
    const since = lost.heard.length;
    const said: string[] = [];
    for (const time of ["first", "second"]) {
      await loseAndBeSeen(scene, { lost, observer });
      for (const word of ["one", "two", "three"]) {
        said.push(`${word}, the ${time} time without ${lost.userId}`);
        await scene.chat(observer, said.at(-1)!);
      }
      await resume(scene, lost);
      await scene.catchUp(members);
      checkSaid(scene, { member: lost, since, said });
    }
  }
  await scene.checkRosters(members);
}

/** One who has heard nothing yet loses the connection: it has no number to come back with but 0. */
export async function resumeBeforeAnyMessage(scene: Scene): Promise<void> {
  const guest = await scene.enter(scene.userIds[0]!, { resumable: true });
  for (let count = 1; count <= 2; count++) {
    await guest.lose();
    await resume(scene, guest);
    await guest.catchUp();
  }
  await scene.checkRosters([guest]);
}

/** One stays away beyond the grace time, is told so, and joins anew over the same connection. */
export async function comeBackTooLate(scene: Scene): Promise<void> {
  const members = await scene.enterAll({ resumable: true });
  const observer = members[0]!;
  for (const lost of members.slice(1)) {
    const { userId } = lost;
    const { resumeToken, lastSeq } = lost.view;
    const { resumeGraceMs } = lost.heard.find(({ type }) => type === "joined")!;
    const graceMs = Number(resumeGraceMs);
    const since = observer.heard.length;
    await loseAndBeSeen(scene, { lost, observer });
    await pause(graceMs + GRACE_MARGIN_MS, scene.context);
    const left = await observer.hear({
      ...{ rule: "RE8", message: `user-left of ${userId}`, since },
      isIt: (message) => message.type === "user-left" && message.userId === userId,
    });
    const message = `user-left of ${userId}`;
    scene.check(observer, "LE4", { message, expected: "timeout", seen: left.reason });
    await lost.connect();
    await scene.refused(lost, { type: "resume", resumeToken, lastSeq }, "resume-expired", "RE8");
    await scene.letIn(lost, { resumable: true });
    scene.context.counts.returns++;
  }
  await scene.checkRosters(members);
}

/** The id of one who is there is asked for again: by a stranger in vain, by its owner with success. */
export async function joinTwice(scene: Scene): Promise<void> {
  const members = await scene.enterAll({ resumable: true });
  const observer = members[0]!;
  const present = [observer];
  for (const original of members.slice(1)) {
    const { userId } = original;
    const rival = await scene.connect(userId);
    const since = observer.heard.length;
    await scene.refused(rival, scene.join(rival), "user-id-taken", "JO5");
    original.stopReading(); // The connection is half-open from here on.
    await scene.refused(rival, scene.join(rival), "user-id-taken", "JO5");
    const { type: seen } = await rival.takeSeatOf(original);
    scene.check(rival, "RE7", { message: "the answer to resume", expected: "resumed", seen });
    await original.hearEnd("RE7", 4001);
    await observer.catchUp();
    const heard = observer.heardSince(since, "user-joined", "user-left", "participant-updated");
    scene.check(observer, "RE7", { message: `of ${userId}`, expected: [], seen: heard });
    present.push(rival);
  }
  await scene.checkRosters(present);
}

async function resume(scene: Scene, guest: Guest): Promise<void> {
  const { run, counts } = scene.context;
  const answer = await guest.comeBack();
  run.tally.add("RE4");
  counts.resumes++;
  const seen = answer.type === "error" ? `${answer.code}` : `${answer.type}`;
  scene.check(guest, "RE4", { message: "the answer to resume", expected: "resumed", seen });
}

async function loseAndBeSeen(
  scene: Scene,
  { lost, observer }: { lost: Guest; observer: Guest },
): Promise<void> {
  const since = observer.heard.length;
  await lost.lose();
  scene.context.counts.losses++;
  const { userId } = lost;
  await observer.hear({
    ...{ rule: "RE3", message: `participant-updated of ${userId}, connected: false`, since },
    isIt: (message) => message.userId === userId && message.connected === false,
  });
}

/** Nobody came and nobody went; whoever was away is back. */
function checkQuiet(
  scene: Scene,
  { observer, walker, before }: { observer: Guest; walker: Guest; before: number },
): void {
  const moved = observer.heardSince(before, "user-joined", "user-left");
  const message = `of ${walker.userId}`;
  scene.check(observer, "RE3", { message, expected: [], seen: moved });
  const last = observer.heardSince(before, "participant-updated").at(-1);
  const seen = last === undefined || last.connected;
  scene.check(observer, "RE3", { message: `connected ${message}`, expected: true, seen });
}

function checkSaid(
  scene: Scene,
  { member, since, said }: { member: Guest; since: number; said: readonly string[] },
): void {
  const seen = member.heardSince(since, "chat").map(({ text }) => text);
  scene.check(member, "RE4", { message: "chat", expected: said, seen });
}

function checkAllThere(scene: Scene, observer: Guest, participants: unknown): void {
  const list = Array.isArray(participants) ? participants as Message[] : [];
  const away = list.filter(({ connected }) => connected === false).map(({ userId }) => userId);
  scene.check(observer, "RE3", { message: "who is away", expected: [], seen: away });
}
