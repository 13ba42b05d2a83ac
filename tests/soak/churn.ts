/**
 * The busy part of a cycle: wanderers, meetings and one reader that stops, all at once, until it is
 * time to settle.
 */
import { SeededRandom } from "../../cli/scenarios/random.ts";
import { Interrupted, pause } from "../../cli/scenarios/waiting.ts";
import { meet } from "./meeting.ts";
import type { SoakSettings } from "./settings.ts";
import { stopAReader } from "./slow_reader.ts";
import type { SoakContext, SoakUser } from "./user.ts";
import { wander } from "./wanderer.ts";

/** Meetings go on beside the wanderers, one for so many of them. */
const WANDERERS_A_MEETING = 12;
/** Names of rooms are used for so long; then everybody goes to others, and the rooms end. */
const ROOM_NAMES_MS = 5_000;
/** Between two meetings of one row, at most. */
const BETWEEN_MEETINGS_MS = 1_000;
/** The streams of randomness of two cycles are this far apart. */
const SEEDS_A_CYCLE = 10_007;

/** Lets users come and go. Resolves to those who are in a room in the end, and stand still there. */
export async function churn(
  context: SoakContext,
  settings: SoakSettings,
  cycle: number,
): Promise<SoakUser[]> {
  const { users, rooms, busyMs, seed } = settings;
  let isSettling = false;
  let guesses = 1;
  const randomOf = (index: number) => new SeededRandom(seed + SEEDS_A_CYCLE * cycle + index);
  const wanderers = Array.from({ length: users }, async (_, index) => {
    const random = randomOf(index);
    await pause(random.below(busyMs / 4), context);
    return await wander({
      context,
      random,
      name: `w${cycle}-${index}`,
      nextRoom: () =>
        `soak-${Math.floor(context.clock.elapsed() / ROOM_NAMES_MS)}-${random.below(rooms)}`,
      isSettling: () => isSettling,
    });
  });
  const meetings = Array.from(
    { length: Math.ceil(users / WANDERERS_A_MEETING) },
    async (_, row) => {
      const random = randomOf(users + row);
      const mayGuess = () => guesses-- > 0;
      for (let n = 0; !isSettling; n++) {
        const name = `m${cycle}-${row}-${n}`;
        await withoutFail(context, () => meet({ context, random, name, mayGuess }));
        await pause(random.below(Math.min(BETWEEN_MEETINGS_MS, busyMs)), context);
      }
    },
  );
  const slow = withoutFail(context, () => stopAReader(context, `s${cycle}`));
  const settle = pause(busyMs, context).finally(() => isSettling = true);
  const [stayed] = await Promise.all([Promise.all(wanderers), ...meetings, slow, settle]);
  return stayed.filter((user) => user !== undefined);
}

/** Does `work`; what it fails of is a surprise, and the run goes on. */
export async function withoutFail(
  { ledger }: SoakContext,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    ledger.surprise(error instanceof Error ? error.message : `${error}`);
  }
}
