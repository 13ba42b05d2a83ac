/**
 * Who sent and received what, and when, for the report that draws it: the first users of a run with
 * their messages, the latest frames of many more, and for a finding what that user saw around it.
 * Bounded: some tens of megabytes at the very worst, a few in most runs. `simulate --html` makes one;
 * a run without it hears nothing of all this.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { Finding } from "../verify/mod.ts";
import type { FrameTracer } from "./frame_trace.ts";
import type { TracedMessage } from "./traced_message.ts";
import { type Milestones, type PinnedMessages, UserTimeline } from "./user_timeline.ts";

/** Users that are followed: as many lifelines as a diagram can show side by side. */
const MAX_FOLLOWED = 24;
/** Messages of all of them together: some megabytes of a report at most. */
const MAX_MESSAGES = 6_000;
/** Users whose latest frames are kept to explain findings by. */
const MAX_RECENT = 1_000;
/** Findings that are shown with their context. */
const MAX_CONTEXTS = 50;
/** Frames after a finding that are kept with it. */
const FRAMES_AFTER = 3;
/** Messages of a context before and after the one that the finding is about. */
const AROUND = { before: 5, after: 4 };

/** One followed user. */
export type FollowedUser = {
  readonly userId: string;
  readonly milestones: Readonly<Milestones>;
  readonly messages: readonly TracedMessage[];
  /** Messages between the first and the last that are not kept. */
  readonly leftOut: number;
};

/** What was recorded. */
export type TimelineRecord = {
  readonly users: readonly FollowedUser[];
  /** Users of the run that were not followed. */
  readonly usersLeftOut: number;
  /** By finding, in the order of the report: what its user saw around it, where that is known. */
  readonly contexts: readonly (readonly TracedMessage[])[];
};

/** Records a run. */
export class Timeline {
  readonly #startedAt: number;
  readonly #clock: Clock;
  readonly #share: number;
  readonly #users = new Map<string, UserTimeline>();
  readonly #pinned = new Map<Finding, () => PinnedMessages>();
  readonly #userCount: number;

  /** Begins; `users` is how many the run has. */
  constructor({ clock, users }: { clock: Clock; users: number }) {
    this.#clock = clock;
    this.#startedAt = clock.elapsed();
    this.#userCount = users;
    this.#share = Math.floor(MAX_MESSAGES / Math.min(MAX_FOLLOWED, Math.max(1, users)));
  }

  /** Gives each user its trace; the same on every connection of a user. */
  readonly tracer: FrameTracer = (userId) => {
    const known = this.#users.get(userId);
    if (known !== undefined || this.#users.size >= MAX_RECENT) return known;
    const user = new UserTimeline(userId, {
      now: () => this.#clock.elapsed() - this.#startedAt,
      share: this.#users.size < MAX_FOLLOWED ? this.#share : 0,
    });
    this.#users.set(userId, user);
    return user;
  };

  /** Something is wrong at this moment: keeps what its user saw. */
  mark(finding: Finding): void {
    if (this.#pinned.size >= MAX_CONTEXTS) return;
    const user = this.#users.get(finding.userId);
    if (user !== undefined) this.#pinned.set(finding, user.pin(FRAMES_AFTER));
  }

  /** Everything that is kept; `findings` are those of the report. */
  record(findings: readonly Finding[]): TimelineRecord {
    const users = [...this.#users.values()].slice(0, MAX_FOLLOWED);
    return {
      users: users.map(({ userId, milestones, messages, leftOut }) => {
        return { userId, milestones, messages, leftOut };
      }),
      usersLeftOut: this.#userCount - users.length,
      contexts: findings.slice(0, MAX_CONTEXTS).map((finding) => this.#contextOf(finding)),
    };
  }

  #contextOf(finding: Finding): TracedMessage[] {
    const user = this.#users.get(finding.userId);
    if (user === undefined) return [];
    const pinned = this.#pinned.get(finding)?.() ?? { messages: [], index: -1 };
    for (const seen of [pinned.messages, user.messages, user.recent]) {
      const index = indexOfMessage(seen, finding);
      if (index >= 0) return around(seen, index);
    }
    // It never came to this user: what came when others got it tells more than what came last.
    const at = this.#seenByOthersAt(finding);
    if (at === undefined) return around(pinned.messages, pinned.index);
    const next = user.messages.findIndex((message) => message.at >= at);
    return around(user.messages, next < 0 ? user.messages.length - 1 : next);
  }

  #seenByOthersAt(finding: Finding): number | undefined {
    for (const { messages } of this.#users.values()) {
      const found = messages[indexOfMessage(messages, finding)];
      if (found !== undefined) return found.at;
    }
    return undefined;
  }
}

/** Where the message that a finding is about stands: by its type and what it names, or as it was seen. */
function indexOfMessage(messages: readonly TracedMessage[], { message, seen }: Finding): number {
  const [, type, user, text] = /^([a-z-]+)(?: of "?([^"]+)"?| "(.*)")?/s.exec(message) ?? [];
  const named = user ?? text;
  const needle = named === undefined ? "" : JSON.stringify(named).slice(1, -1);
  return messages.findLastIndex((one) =>
    one.direction === "received" &&
    ((one.type === type && one.text.includes(needle)) || one.text === seen)
  );
}

function around(messages: readonly TracedMessage[], index: number): TracedMessage[] {
  if (index < 0) return [];
  return messages.slice(Math.max(0, index - AROUND.before), index + AROUND.after + 1);
}
