/**
 * One room of a regression: brings its guests on, holds what they hear against what the script says,
 * and sends them home at the end, whatever happened. `played` makes a step of a script; every room of
 * the run plays it at the same time.
 */
import { ConnectError, SubprotocolError } from "../../client.ts";
import { shown } from "../../verify/mod.ts";
import type { PhaseContext } from "../phase_context.ts";
import type { SimulatedRoom } from "../simulated_room.ts";
import type { ScenarioStep } from "../scenario.ts";
import { Stalled } from "../waiting.ts";
import { Guest } from "./guest.ts";
import type { Message } from "./guest_view.ts";

/** What a guest was to see of something, and what it saw. */
export type Comparison = {
  readonly message: string;
  readonly expected: unknown;
  readonly seen: unknown;
};

/** A step that plays `script` in every room. */
export function played(name: string, script: (scene: Scene) => Promise<void>): ScenarioStep {
  return playedTogether(name, (scenes) => all(scenes.map(script)));
}

/** A step that plays `script` in all rooms together. */
export function playedTogether(
  name: string,
  script: (scenes: readonly Scene[]) => Promise<void>,
): ScenarioStep {
  return {
    name,
    run: async (context, phase) => {
      const scenes = context.rooms.map((room) => new Scene(context, room));
      phase.total = scenes.length;
      try {
        await script(scenes);
        phase.done = scenes.length;
      } finally {
        await Promise.all(scenes.map((scene) => scene.close()));
      }
    },
  };
}

/** Waits for all of them; then rejects with the first error, so that none goes on in the back. */
export async function all(works: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) {
    if (result.status === "rejected") throw result.reason;
  }
}

/** A room and its guests. */
export class Scene {
  readonly context: PhaseContext;
  /** The room; a script may move to another. */
  roomId: string;
  /** Who takes part. */
  readonly userIds: readonly string[];
  readonly #guests: Guest[] = [];

  constructor(context: PhaseContext, room: SimulatedRoom) {
    this.context = context;
    this.roomId = room.history.roomId;
    this.userIds = context.users.filter((user) => user.room === room).map(({ userId }) => userId);
  }

  /** Brings a guest to the door. Rejects with ConnectError where no server was reached at all. */
  async connect(userId: string): Promise<Guest> {
    const { run } = this.context;
    const guest = new Guest(userId, this.roomId, this.context);
    try {
      await guest.connect();
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      const isWrongProtocol = error instanceof SubprotocolError;
      if (!isWrongProtocol && run.tally.of("CO1") === 0) throw error;
      guest.report(isWrongProtocol ? "CO3" : "CO1", "the upgrade", "a connection", error.message);
      throw new Stalled(error.message, { cause: error });
    }
    this.#guests.push(guest);
    return guest;
  }

  /** The join of `guest` into the room. */
  join({ userId }: { userId: string }, fields: Message = {}): Message {
    return { type: "join", roomId: this.roomId, userId, ...fields };
  }

  /** Brings a guest into the room. */
  async enter(userId: string, fields: Message = {}): Promise<Guest> {
    const guest = await this.connect(userId);
    await this.letIn(guest, fields);
    return guest;
  }

  /** Brings everybody into the room, one after the other, and lets them see each other. */
  async enterAll(fields: Message = {}): Promise<Guest[]> {
    const guests: Guest[] = [];
    for (const userId of this.userIds) guests.push(await this.enter(userId, fields));
    await this.catchUp(guests);
    return guests;
  }

  /** `guest` joins, and has to be let in. */
  async letIn(guest: Guest, fields: Message = {}): Promise<Message> {
    const joined = await this.must(guest, this.join(guest, fields), "joined", "JO2");
    this.context.counts.joins++;
    return joined;
  }

  /** `guest` leaves. */
  async leave(guest: Guest): Promise<void> {
    await this.must(guest, { type: "leave" }, "leaved", "LE2");
    this.context.counts.leaves++;
  }

  /** `guest` asks and has to get an answer of `type`, by `rule`. Rejects with Stalled. */
  async must(guest: Guest, request: Message, type: string, rule: string): Promise<Message> {
    const answer = await guest.ask(request);
    this.#judge(guest, { request, answer, rule, expected: type, seen: `${answer.type}` });
    return answer;
  }

  /** `guest` asks and has to be refused with `code`, by `rule`. Rejects with Stalled. */
  async refused(guest: Guest, request: Message, code: string, rule: string): Promise<void> {
    const answer = await guest.ask(request);
    const seen = answer.type === "error" ? `${answer.code}` : `${answer.type}`;
    this.#judge(guest, { request, answer, rule, expected: code, seen });
  }

  /** What `guest` saw has to be what `rule` says. */
  check(guest: Guest, rule: string, { message, expected, seen }: Comparison): void {
    this.context.run.tally.add(rule);
    if (JSON.stringify(expected) === JSON.stringify(seen)) return;
    guest.report(rule, message, shown(expected), shown(seen));
  }

  /** `speaker` says `text` to the room. */
  async chat(speaker: Guest, text: string): Promise<void> {
    this.context.counts.chats++;
    const copy = await this.must(speaker, { type: "chat", text }, "chat", "CH1");
    this.check(speaker, "CH2", { message: "chat", expected: text, seen: copy.text });
  }

  /** Everything that happened so far has arrived at all of them. */
  async catchUp(guests: readonly Guest[]): Promise<void> {
    await all(guests.map((guest) => guest.catchUp()));
  }

  /** Each of `members` sees exactly them, and so does whoever comes now. */
  async checkRosters(members: readonly Guest[]): Promise<Message> {
    const expected = members.map(({ userId }) => userId);
    await this.catchUp(members);
    const compare = () => {
      for (const member of members) {
        const seen = [...member.roster ?? []].sort();
        this.check(member, "JO3", { message: "its roster", expected: expected.toSorted(), seen });
      }
    };
    compare();
    const newcomer = await this.connect(`newcomer-to-${this.roomId}`.slice(0, 64));
    const joined = await this.letIn(newcomer);
    const users = Array.isArray(joined.users) ? joined.users.toSorted() : joined.users;
    const complete = [...expected, newcomer.userId].sort();
    this.check(newcomer, "JO2", { message: "joined", expected: complete, seen: users });
    await this.leave(newcomer);
    await this.catchUp(members);
    compare();
    return joined;
  }

  /** Sends everybody home. */
  async close(): Promise<void> {
    await Promise.all(this.#guests.map((guest) => guest.close()));
  }

  #judge(
    guest: Guest,
    { request, answer, rule, expected, seen }: {
      readonly request: Message;
      readonly answer: Message;
      readonly rule: string;
      readonly expected: string;
      readonly seen: string;
    },
  ): void {
    this.context.run.tally.add(rule);
    if (seen === expected) return;
    const words = typeof answer.message === "string" ? `: ${answer.message}` : "";
    guest.report(rule, `the answer to ${request.type}`, expected, `${seen}${words}`);
    throw new Stalled(`${guest.userId} got ${seen} for ${request.type}, not ${expected}`);
  }
}
