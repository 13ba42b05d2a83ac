/**
 * The step of a run that has media: everybody publishes and gets what all others of its room publish;
 * meanwhile some unpublish and publish again, some pause a picture, one asks for another connection;
 * in the end everybody unpublishes, and nothing may come any more.
 */
import type { MediaRun } from "../media/media_run.ts";
import { MAX_PICTURES } from "../media/media_settings.ts";
import type { MediaUser } from "../media/media_user.ts";
import { LINGER_MS, SOURCES } from "../media/media_sender.ts";
import type { Publication } from "../media/publications.ts";
import { TAIL_MS } from "../media/track_watch.ts";
import type { PhaseContext } from "./phase_context.ts";
import type { Phase } from "./progress.ts";
import type { ScenarioStep } from "./scenario.ts";
import { pause, Stalled, waitUntil } from "./waiting.ts";

/** Every third user does one thing, the next one another. */
const PARTS = 3;
/** The step after which media begin: everybody is in. */
const AFTER = "join";
/** How often what is under way is looked at. */
const LOOK_MS = 100;

/** `steps` with the one for media behind the joins. */
export function withMedia(steps: readonly ScenarioStep[], media: MediaRun): ScenarioStep[] {
  const step: ScenarioStep = {
    name: "media",
    run: (context, phase) => carryMedia(media, context, phase),
  };
  return steps.flatMap((one) => one.name === AFTER ? [one, step] : [one]);
}

/** What the step needs of a run. */
export type MediaContext = Pick<PhaseContext, "clock" | "signal" | "settings" | "run">;

/** Has the users of `media`, who are in their rooms, do all that the step is about. */
export function carryMedia(media: MediaRun, context: MediaContext, phase: Phase): Promise<void> {
  return new MediaStep(media, context, phase).run();
}

/** The step, once it runs. */
class MediaStep {
  readonly #media: MediaRun;
  readonly #context: MediaContext;
  readonly #phase: Phase;

  constructor(media: MediaRun, context: MediaContext, phase: Phase) {
    this.#media = media;
    this.#context = context;
    this.#phase = phase;
  }

  async run(): Promise<void> {
    const media = this.#media;
    const { durationMs } = media.settings;
    this.#phase.total = durationMs;
    await this.#waitForServer();
    media.start();
    await this.#look(0);
    await Promise.all(media.users.map((user) => user.publish(SOURCES)));
    // Whoever gets nothing is named; what the others get is looked at all the same.
    const isComplete = await this.#waitForAll();
    await this.#carryOn(durationMs / 2);
    if (isComplete) await this.#exercise();
    if (isComplete) await this.#lookAtOthers();
    await this.#carryOn(durationMs / 2);
    await this.#end();
    media.finish();
  }

  /** The media of every room have to go through the server (rules TO1, TO2). */
  async #waitForServer(): Promise<void> {
    const { users } = this.#media;
    try {
      await this.#wait(() => {
        const user = users.find(({ topology }) => topology !== "sfu");
        return user && `${user.userId} hears of no media through the server`;
      });
    } catch (error) {
      if (!(error instanceof Stalled)) throw error;
      const user = users.find(({ topology }) => topology !== "sfu")!; // It was waited for.
      const expected = "sfu: each member of the room said that it can";
      user.complain("TO2", "topology of the room", expected, `${user.topology}`);
      throw error;
    }
  }

  /** Waits until everybody gets everything; who does not is told. Returns whether all do. */
  async #waitForAll(): Promise<boolean> {
    const { clock } = this.#context;
    const since = clock.elapsed();
    try {
      await this.#wait(() => this.#reasonToWait());
      return true;
    } catch (error) {
      if (!(error instanceof Stalled)) throw error;
      for (const user of this.#media.users) {
        for (const publication of this.#lackedBy(user)) {
          user.missed(publication, clock.elapsed() - since);
        }
      }
      return false;
    }
  }

  #reasonToWait(): string | undefined {
    for (const user of this.#media.users) {
      const [first, ...more] = this.#lackedBy(user);
      if (first === undefined) continue;
      const rest = more.length === 0 ? "" : ` and ${more.length} more`;
      return `${user.userId} waits for ${first.words}${rest}`;
    }
    return undefined;
  }

  #lackedBy(user: MediaUser): Publication[] {
    return this.#media.publicationsFor(user).filter((one) =>
      user.wants(one) && user.watchOf(one)?.isLive !== true || !user.knows(one)
    );
  }

  /** In a large room nobody gets all pictures at once: who was not looked at has a turn. */
  async #lookAtOthers(): Promise<void> {
    if (!this.#media.users.some((user) => ignoredBy(user, this.#media, 0).size > 0)) return;
    await this.#look(1);
    await this.#waitForAll();
  }

  /** Everybody looks at as many others as there may be; at the second look those left out before. */
  async #look(turn: 0 | 1): Promise<void> {
    const media = this.#media;
    await Promise.all(media.users.map((user) => user.ignore(ignoredBy(user, media, turn))));
  }

  async #carryOn(ms: number): Promise<void> {
    const { clock } = this.#context;
    const before = this.#phase.done;
    const startedAt = clock.elapsed();
    for (let passed = 0; passed < ms; passed = clock.elapsed() - startedAt) {
      this.#phase.done = Math.round(before + passed);
      await pause(Math.min(LOOK_MS, ms - passed), this.#context);
    }
    this.#phase.done = Math.round(before + ms);
  }

  /** Some unpublish, some pause what goes on, one has its connection replaced; then all as before. */
  async #exercise(): Promise<void> {
    const { tally } = this.#context.run;
    const parts = byPart(this.#media.users);
    const [leavers = [], pausers = [], others = []] = parts;
    const cameraless = SOURCES.filter(({ source }) => source !== "camera");
    const paused = pausers.flatMap((user) => {
      const publication = this.#media.publicationsFor(user).find((one) =>
        one.isVideo && user.wants(one) && !leavers.some(({ userId }) => userId === one.userId)
      );
      return publication === undefined ? [] : [{ user, trackId: publication.trackId }];
    });
    await Promise.all([
      ...leavers.map((user) => user.publish(cameraless)),
      ...paused.map(({ user, trackId }) => user.pause(trackId, true)),
      ...others.slice(0, 1).map((user) => this.#restart(user)),
    ]);
    await this.#waitForEnds(leavers);
    await pause(LINGER_MS, this.#context);
    tally.add("SB3", paused.length);
    await Promise.all([
      ...leavers.map((user) => user.publish(SOURCES)),
      ...paused.map(({ user, trackId }) => user.pause(trackId, false)),
    ]);
    await this.#waitForAll();
  }

  async #restart(user: MediaUser): Promise<void> {
    const before = user.connection;
    await user.restart();
    await this.#wait(() =>
      user.connection === before ? `${user.userId} waits for another connection` : undefined
    );
    this.#context.run.tally.add("SB4");
  }

  /** Everybody unpublishes everything and goes on sending for a while. */
  async #end(): Promise<void> {
    const { users } = this.#media;
    // What was sent last is to arrive, repeated where it must be.
    await pause(TAIL_MS, this.#context);
    await Promise.all(users.map((user) => user.publish([])));
    await this.#waitForEnds(users);
    await pause(LINGER_MS, this.#context);
  }

  /** Waits until nobody is told any more that what has ended is carried (rules PB3, SB2). */
  async #waitForEnds(publishers: readonly MediaUser[]): Promise<void> {
    const { users, publications } = this.#media;
    const ended = publications.all.filter(({ endedAt, userId }) =>
      endedAt !== undefined && publishers.some((one) => one.userId === userId)
    );
    try {
      await this.#wait(() => {
        for (const user of users) {
          const left = ended.find((one) =>
            one.roomId === user.roomId && (user.isCarried(one) || user.knows(one))
          );
          if (left !== undefined) return `${user.userId} is not told that ${left.words} has ended`;
        }
        return undefined;
      });
      this.#context.run.tally.add("PB3", ended.length);
    } catch (error) {
      if (!(error instanceof Stalled)) throw error;
      const [user] = users;
      const expected = "its end to be told to all";
      user?.complain("PB3", "track-unpublished", expected, error.message);
    }
  }

  async #wait(reasonToWait: () => string | undefined): Promise<void> {
    const { settings: { timeoutMs }, run } = this.#context;
    await waitUntil(reasonToWait, {
      ...this.#context,
      timeoutMs,
      onWaiting: (reason) => this.#phase.note = reason,
      activity: () => run.latencies.picture.count,
    });
    this.#phase.note = "";
  }
}

/** Whose pictures a user does not look at: first the farthest behind it, then the nearest. */
function ignoredBy(user: MediaUser, { users }: MediaRun, turn: 0 | 1): ReadonlySet<string> {
  const room = users.filter(({ roomId }) => roomId === user.roomId);
  const own = room.indexOf(user);
  const others = [...room.slice(own + 1), ...room.slice(0, own)].map(({ userId }) => userId);
  const more = Math.max(0, others.length - MAX_PICTURES);
  return new Set(turn === 0 ? others.slice(others.length - more) : others.slice(0, more));
}

/** The users of each room in turn, so that each part has some of every room. */
function byPart(users: readonly MediaUser[]): MediaUser[][] {
  const parts: MediaUser[][] = Array.from({ length: PARTS }, () => []);
  const counts = new Map<string, number>();
  for (const user of users) {
    const count = counts.get(user.roomId) ?? 0;
    counts.set(user.roomId, count + 1);
    parts[count % PARTS]!.push(user);
  }
  return parts;
}
