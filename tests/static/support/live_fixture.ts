/** Broadcasts and viewings with a fake clock, fake sockets, fake devices and a call that carries nothing. */
import { HostKeys } from "../../../static/state/host_keys.ts";
import { parseRoomId } from "../../../static/state/ids.ts";
import { Broadcast, type BroadcastOptions } from "../../../static/state/live/broadcast.ts";
import { LiveMemory } from "../../../static/state/live/live_memory.ts";
import type { MeetingRules } from "../../../static/state/live/live_rules.ts";
import { Viewing } from "../../../static/state/live/viewing.ts";
import type { LiveView } from "../../../static/call/live/live_view.ts";
import { Meeting } from "../../../static/state/meeting.ts";
import { Preferences } from "../../../static/state/preferences.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { PageSockets, participant } from "../../support/page_sockets.ts";
import { FakeCall } from "./fake_call.ts";
import { FakeMedia, memory, settle } from "./fake_media.ts";

/** The code that the fake server gives. */
export const CODE = parseRoomId("482913")!;

/** What surrounds a live room. */
class Surroundings {
  readonly clock = new FakeClock();
  readonly sockets = new PageSockets();
  readonly media = new FakeMedia();
  readonly calls: FakeCall[] = [];
  readonly preferences: Preferences;
  readonly hostKeys: HostKeys;
  /** How the call says that it fares. */
  view: LiveView | undefined;
  /** So much of what was sent needs no answer any more. */
  #answered = 0;

  constructor() {
    const [store, keys] = [memory(), memory()];
    this.preferences = new Preferences(() => store);
    this.hostKeys = new HostKeys(() => keys);
  }

  /** The meeting below, as the page makes it. */
  createMeeting({ roomId: _, ...rules }: MeetingRules): Meeting {
    return new Meeting({
      ...rules,
      clock: this.clock,
      connect: this.sockets.connect,
      random: () => 0.5,
      media: this.media,
      canRelay: true,
      createCall: (options) => {
        const call = new FakeCall(options);
        this.calls.push(call);
        return call;
      },
      preferences: this.preferences,
      hostKeys: this.hostKeys,
    });
  }

  /** Lets time pass on a connection that is alive, in steps in which everything happens that is due. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 500) {
      this.clock.advance(Math.min(left, 500));
      const { all } = this.sockets.last;
      for (const ping of all.slice(this.#answered)) {
        if (ping.type === "ping") this.sockets.last.receive({ type: "pong", at: ping.at });
      }
      this.#answered = all.length;
      await settle();
    }
  }

  /** What the session sent last of a type. */
  sent(type: string): Record<string, unknown>[] {
    return this.sockets.last.sent.filter((message) => message.type === type);
  }

  /** The server answers the last join. */
  joined(self: Record<string, unknown>, ...others: Record<string, unknown>[]): void {
    const participants = [...others, self];
    this.sockets.last.receive({
      type: "joined",
      roomId: CODE,
      userId: self.userId,
      users: participants.map(({ userId }) => userId),
      participants,
      room: { roomId: CODE, kind: "live", topology: "mesh", createdAt: 0 },
      requestId: this.sent("join").at(-1)?.requestId,
    });
  }

  /** The server refuses the last join. */
  refused(code: string): void {
    const requestId = this.sent("join").at(-1)?.requestId;
    this.sockets.last.receive({ type: "error", code, message: code, requestId });
  }

  /** Somebody says something that is no chat. */
  says(from: string, payload: unknown): void {
    this.sockets.last.receive({ type: "data", from, payload, at: 0, messageId: "m" });
  }
}

/** A broadcast and what surrounds it. */
export class BroadcastFixture extends Surroundings {
  readonly broadcast: Broadcast;
  readonly memory: LiveMemory;
  readonly store = memory();
  /** What asking for a code fails with. */
  fault: Error | undefined;

  constructor(kept: Parameters<LiveMemory["keep"]>[0] | undefined = undefined) {
    super();
    this.memory = new LiveMemory(() => this.store);
    if (kept !== undefined) this.memory.keep(kept);
    const options: BroadcastOptions = {
      clock: this.clock,
      random: () => 0.5,
      createMeeting: (rules) => this.createMeeting(rules),
      createRoom: () =>
        this.fault === undefined
          ? Promise.resolve({ roomId: CODE, hostKey: "key" })
          : Promise.reject(this.fault),
      preferences: this.preferences,
      hostKeys: this.hostKeys,
      memory: this.memory,
    };
    this.broadcast = new Broadcast(options);
  }

  /** Goes live; these watch already. */
  async goLive(...viewers: string[]): Promise<this> {
    await this.broadcast.begin();
    await this.broadcast.goLive();
    this.sockets.last.welcome();
    const { userId } = this.sent("join").at(-1)!;
    this.joined({ ...participant(`${userId}`), role: "broadcaster" }, ...viewers.map(viewer));
    await settle();
    return this;
  }

  /** A viewer comes. */
  comes(userId: string): void {
    this.sockets.last.receive({
      ...{ type: "user-joined", roomId: CODE, userId, participant: viewer(userId) },
    });
  }
}

/** A viewing and what surrounds it. */
export class ViewingFixture extends Surroundings {
  readonly viewing: Viewing;

  constructor() {
    super();
    this.viewing = new Viewing({
      roomId: CODE,
      clock: this.clock,
      random: () => 0.5,
      createMeeting: (rules) => this.createMeeting(rules),
      liveView: () => this.view,
      preferences: this.preferences,
      link: { user: "bob" },
    });
  }

  /** Watches; with `state` somebody broadcasts. */
  async watch(state?: Record<string, boolean>, ...others: string[]): Promise<this> {
    this.viewing.begin();
    this.sockets.last.welcome();
    const ann = { ...participant("ann"), role: "broadcaster", state };
    const before = [...state === undefined ? [] : [ann], ...others.map(viewer)];
    this.joined(viewer("bob"), ...before);
    await settle();
    return this;
  }
}

/** A viewer as the server describes it. */
export function viewer(userId: string): Record<string, unknown> {
  return { ...participant(userId), role: "viewer" };
}
