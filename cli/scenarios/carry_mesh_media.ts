/**
 * The step of a run whose media go from each to each: everybody is linked to all others of its room,
 * gets sound and pictures of each, and in the end every frame between the first and the last.
 */
import type { MeshMediaRun } from "../media/mesh/mesh_media_run.ts";
import type { MediaContext } from "./carry_media.ts";
import type { Phase } from "./progress.ts";
import type { ScenarioStep } from "./scenario.ts";
import { pause, Stalled, waitUntil } from "./waiting.ts";

/** The step after which media begin: everybody is in. */
const AFTER = "join";
/** How often what is under way is looked at. */
const LOOK_MS = 100;
/** What was sent last is to arrive, repeated where it must be. */
const TAIL_MS = 1_000;

/** `steps` with the one for media behind the joins. */
export function withMeshMedia(
  steps: readonly ScenarioStep[],
  media: MeshMediaRun,
): ScenarioStep[] {
  const step: ScenarioStep = {
    name: "media",
    run: (context, phase) => carryMeshMedia(media, context, phase),
  };
  return steps.flatMap((one) => one.name === AFTER ? [one, step] : [one]);
}

/** Has the users of `media`, who are in their rooms, send to each other, and looks at what came. */
export async function carryMeshMedia(
  media: MeshMediaRun,
  context: MediaContext,
  phase: Phase,
): Promise<void> {
  const { clock, settings: { timeoutMs }, run } = context;
  const { durationMs } = media.settings;
  phase.total = durationMs;
  const server = media.users.find(({ topology }) => topology !== "mesh");
  if (server !== undefined) {
    const expected = "mesh: nobody said that it can take its media through the server";
    const seen = `${server.topology}`;
    server.complain("TO1", { message: "topology of the room", expected, seen });
    throw new Stalled(`${server.userId} hears of no mesh`);
  }
  media.start();
  await waitForAll();
  const beganAt = clock.elapsed();
  while (clock.elapsed() - beganAt < durationMs) {
    await pause(LOOK_MS, context);
    phase.done = Math.min(durationMs, Math.round(clock.elapsed() - beganAt));
  }
  media.hold();
  await pause(TAIL_MS, context);
  media.finish();

  /** Waits until everybody gets everybody; who does not is told. */
  async function waitForAll(): Promise<void> {
    try {
      await waitUntil(reasonToWait, {
        ...context,
        timeoutMs,
        onWaiting: (reason) => phase.note = reason,
        activity: () => run.latencies.packet.count,
      });
    } catch (error) {
      if (!(error instanceof Stalled)) throw error;
      for (const user of media.users) {
        for (const other of media.othersOf(user).filter((one) => !user.gets(one))) {
          const expected = "its sound and its picture to come";
          const seen = user.media.links.get(other.userId) ?? "no link";
          user.complain("TO1", { message: `media of ${other.userId}`, expected, seen });
        }
      }
    }
    phase.note = "";
  }

  function reasonToWait(): string | undefined {
    for (const user of media.users) {
      const other = media.othersOf(user).find((one) => !user.gets(one));
      if (other !== undefined) return `${user.userId} waits for ${other.userId}`;
    }
    return undefined;
  }
}
