/**
 * A call that travels one way and then another (rules TO1-TO4), as the server says, without a gap: the
 * new way is begun beside the old one, each participant is taken over when everything of theirs has
 * come on the new way, picture and sound in one moment, and the old way ends when everybody is done
 * with it. The others say so; who does not is waited for within a bound.
 */
import type { ServerMessage, Topology, UserId } from "../../src/protocol/mod.ts";
import { ChannelCount } from "./channel_count.ts";
import { Handover, type Standing } from "./handover.ts";
import type { LinkReport } from "./link_report.ts";
import { LeftWays, type Way } from "./left_ways.ts";
import type { CallClock } from "./platform.ts";
import type { Progress } from "./progress.ts";
import { Publications } from "./sfu/publications.ts";
import { topologyIn } from "./room_topology.ts";
import { isTakenOver, takenOverPayload } from "./taken_over.ts";
import type {
  ByteChannel,
  CallOptions,
  CallTransport,
  LocalTracks,
  PictureWishes,
  RemoteMedia,
  Slot,
  SlotEncoding,
} from "./transport.ts";

/** The counters of both ways are compared this often. */
export const POLL_MS = 100;
/** Whoever shows a track gets this long to show its successor instead. */
export const LINGER_MS = 1_000;
/** The old way ends after this long whatever has come: the server carries it no longer (TO4). */
export const BOUND_MS = 10_000;

/** What a switching call needs. */
export interface SwitchingCallOptions extends CallOptions {
  readonly clock: CallClock;
  /** Makes the call of each way of travelling. */
  readonly create: Readonly<Record<Topology, (options: CallOptions) => CallTransport>>;
}

/** Both ways, while there are two. */
type Switch = {
  readonly old: Way;
  readonly handover: Handover;
  /** Who travels the old way still. */
  readonly pending: Set<UserId>;
  /** Who has taken everybody over; the old way ends when all others have. */
  readonly done: Set<UserId>;
  isAnnounced: boolean;
  isEnding: boolean;
  readonly timers: Set<() => void>;
};

/** A call over whichever way. */
export class SwitchingCall implements CallTransport {
  readonly #options: SwitchingCallOptions;
  #topology: Topology;
  #way: Way;
  #switch: Switch | undefined;
  readonly #left: LeftWays;
  #others: readonly UserId[] = [];
  #tracks: LocalTracks = {};
  readonly #encodings = new Map<Slot, SlotEncoding>();
  #codecOrder: readonly string[] = [];
  #wishes: ReadonlyMap<UserId, PictureWishes> | undefined;
  /** Also while nobody travels that way: a room may go back to it within ten seconds. */
  readonly #publications: Publications;
  #isClosed = false;

  /** A call with nobody yet, that travels as the room does. */
  constructor(options: SwitchingCallOptions) {
    this.#options = options;
    this.#topology = options.topology;
    this.#publications = new Publications(options.selfId);
    this.#left = new LeftWays(options.clock);
    this.#way = this.#begin(options.topology);
  }

  get topology(): Topology {
    return this.#topology;
  }

  get remotes(): ReadonlyMap<UserId, RemoteMedia> {
    const now = this.#way.call.remotes;
    const { old, pending } = this.#switch ?? {};
    if (old === undefined) return now;
    const before = old.call.remotes;
    return new Map(this.#others.flatMap((userId) => {
      const remote = pending?.has(userId) ? before.get(userId) ?? now.get(userId) : now.get(userId);
      return remote === undefined ? [] : [[userId, remote] as const];
    }));
  }

  setOthers(userIds: readonly UserId[]): void {
    if (this.#isClosed) return;
    this.#others = userIds.filter((userId) => userId !== this.#options.selfId);
    const { pending } = this.#switch ?? {};
    // Who came later has never travelled another way.
    for (const { call } of this.#ways().slice(1)) {
      call.setOthers([...call.remotes.keys()].filter((userId) => this.#others.includes(userId)));
    }
    for (const userId of pending ?? []) {
      if (!this.#others.includes(userId)) pending?.delete(userId);
    }
    this.#way.call.setOthers(this.#others);
    this.#lookWhetherDone();
  }

  setTracks(tracks: LocalTracks): void {
    this.#tracks = tracks;
    this.#switch?.old.call.setTracks(tracks);
    this.#way.call.setTracks(tracks);
  }

  setEncoding(slot: Slot, encoding: SlotEncoding): void {
    this.#encodings.set(slot, encoding);
    this.#way.call.setEncoding(slot, encoding);
  }

  setCodecOrder(mimeTypes: readonly string[]): void {
    this.#codecOrder = mimeTypes;
    this.#way.call.setCodecOrder(mimeTypes);
  }

  setWishes(wishes: ReadonlyMap<UserId, PictureWishes>): void {
    this.#wishes = wishes;
    this.#switch?.old.call.setWishes(wishes);
    this.#way.call.setWishes(wishes);
  }

  receive(message: ServerMessage): void {
    if (this.#isClosed) return;
    this.#publications.receive(message);
    const topology = topologyIn(message);
    if (topology !== undefined) this.#turnTo(topology);
    if (message.type === "data" && isTakenOver(message.payload, this.#topology)) {
      this.#switch?.done.add(message.from);
      this.#lookWhetherDone();
    }
    for (const { call } of this.#ways()) call.receive(message);
  }

  networkChanged(): void {
    for (const { call } of this.#ways()) call.networkChanged();
    this.#announce();
  }

  async openChannel(to: UserId, label: string): Promise<ByteChannel> {
    const { call, channels } = this.#way;
    const channel = await call.openChannel(to, label);
    channels.add(channel);
    return channel;
  }

  async measure(): Promise<ReadonlyMap<UserId, LinkReport>> {
    const { old, pending } = this.#switch ?? {};
    const [now, before] = await Promise.all([this.#way.call.measure(), old?.call.measure()]);
    return new Map(this.#others.flatMap((userId) => {
      const report = pending?.has(userId) ? before?.get(userId) : now.get(userId);
      return report === undefined ? [] : [[userId, report] as const];
    }));
  }

  /**
   * On the way to the server what still comes directly counts, for that is what is seen until the
   * server has taken over. On the way back it is the question whether anything comes directly at all,
   * so nothing else counts.
   */
  async progress(): Promise<ReadonlyMap<UserId, Progress>> {
    const { old, pending } = this.#switch ?? {};
    if (old === undefined || this.#topology === "mesh") return await this.#way.call.progress();
    const [now, before] = await Promise.all([this.#way.call.progress(), old.call.progress()]);
    return new Map(this.#others.flatMap((userId) => {
      const still = pending?.has(userId) ? before.get(userId) : undefined;
      const hasCome = still !== undefined && Object.keys(still).length > 0;
      const progress = hasCome ? still : now.get(userId);
      return progress === undefined ? [] : [[userId, progress] as const];
    }));
  }

  close(): void {
    this.#isClosed = true;
    this.#endSwitch();
    for (const way of this.#ways()) way.call.close();
    this.#left.close();
    this.#others = [];
  }

  /** The media travel another way from now on. */
  #turnTo(topology: Topology): void {
    if (topology === this.#topology) return;
    const former = this.#switch;
    const isHalf = former !== undefined && !former.isAnnounced;
    this.#topology = topology;
    // A call that is begun anew is not told apart from one that was left by the messages of others.
    this.#left.end(topology);
    const old = this.#way;
    // Who has not finished turning goes back to what is still there; what was given up is made anew,
    // for the others may have ended theirs.
    this.#way = isHalf ? former.old : this.#begin(topology);
    const wasPending = former?.pending ?? new Set();
    this.#endSwitch(isHalf);
    const pending = this.#others.filter((userId) => !isHalf || !wasPending.has(userId));
    this.#switch = {
      ...{ old, handover: new Handover(), pending: new Set(pending), done: new Set() },
      ...{ isAnnounced: false, isEnding: false, timers: new Set() },
    };
    this.#apply(this.#way.call);
    this.#after(BOUND_MS, () => this.#endOld());
    void this.#poll();
  }

  #begin(topology: Topology): Way {
    const { create, selfId, iceServers, send, events } = this.#options;
    const channels = new ChannelCount();
    const call: CallTransport = create[topology]({
      ...{ selfId, iceServers, send, topology, published: this.#publications.all },
      events: {
        changed: () => {
          if (this.#ways().some((way) => way.call === call)) events.changed();
        },
        channelOpened: (from, channel) => {
          channels.add(channel);
          events.channelOpened(from, channel);
        },
      },
    });
    return { call, channels };
  }

  /** Tells a call all that it has to know, who is there last: that begins it. */
  #apply(call: CallTransport): void {
    call.setTracks(this.#tracks);
    for (const [slot, encoding] of this.#encodings) call.setEncoding(slot, encoding);
    call.setCodecOrder(this.#codecOrder);
    if (this.#wishes !== undefined) call.setWishes(this.#wishes);
    call.setOthers(this.#others);
  }

  async #poll(): Promise<void> {
    const turn = this.#switch;
    if (turn === undefined) return;
    const { old, handover, pending } = turn;
    const next = this.#way;
    const [before, now] = await Promise.all([old.call.progress(), next.call.progress()]);
    if (turn !== this.#switch) return; // It turned again meanwhile, or is over.
    const at = this.#options.clock.elapsed();
    const [olds, nexts] = [old.call.remotes, next.call.remotes];
    const standing = (
      remotes: ReadonlyMap<UserId, RemoteMedia>,
      progress: ReadonlyMap<UserId, Progress>,
      userId: UserId,
    ): Standing => ({
      state: remotes.get(userId)?.state ?? "waiting",
      progress: progress.get(userId) ?? {},
    });
    const taken = [...pending].filter((userId) => {
      const { state, progress } = standing(olds, before, userId);
      return handover.isReady(userId, at, {
        old: { state, progress: this.#seenOf(userId, progress) },
        next: standing(nexts, now, userId),
      });
    });
    for (const userId of taken) pending.delete(userId);
    if (taken.length > 0) this.#options.events.changed();
    if (pending.size > 0) this.#after(POLL_MS, () => void this.#poll());
    this.#lookWhetherDone();
  }

  /** Without the pictures that nobody looks at: the server does not send those. */
  #seenOf(userId: UserId, progress: Progress): Progress {
    if (this.#wishes === undefined) return progress;
    const wish = this.#wishes.get(userId);
    const seen = Object.entries(progress).filter(([slot]) =>
      (slot !== "camera" && slot !== "screen") || (wish?.[slot] ?? 0) > 0
    );
    return Object.fromEntries(seen) as Progress; // The keys are slots.
  }

  /** Says that we are done, and ends the old way when everybody is. */
  #lookWhetherDone(): void {
    const turn = this.#switch;
    if (turn === undefined || turn.pending.size > 0) return;
    this.#announce();
    const isWaited = [...turn.old.call.remotes.keys()].some((userId) => !turn.done.has(userId));
    if (!turn.isAnnounced || isWaited || turn.isEnding) return;
    turn.isEnding = true;
    this.#after(LINGER_MS, () => this.#endOld());
  }

  #announce(): void {
    const turn = this.#switch;
    if (turn === undefined || turn.isAnnounced || turn.pending.size > 0) return;
    const payload = takenOverPayload(this.#topology);
    turn.isAnnounced = this.#options.send({ type: "data", payload });
  }

  /** Nothing is seen or heard of the old way any more. */
  #endOld(): void {
    const turn = this.#switch;
    if (turn === undefined) return;
    const wasPending = turn.pending.size > 0;
    this.#endSwitch();
    if (wasPending) this.#options.events.changed();
  }

  #endSwitch(isOldKept = false): void {
    const turn = this.#switch;
    this.#switch = undefined;
    if (turn === undefined) return;
    for (const cancel of turn.timers) cancel();
    if (!isOldKept) this.#left.leave(turn.old);
  }

  #after(ms: number, run: () => void): void {
    const timers = this.#switch?.timers;
    const cancel = this.#options.clock.after(ms, () => {
      timers?.delete(cancel);
      run();
    });
    timers?.add(cancel);
  }

  /** All that there is, the present one first. */
  #ways(): readonly Way[] {
    const old = this.#switch?.old;
    return [this.#way, ...(old === undefined ? [] : [old]), ...this.#left.all];
  }
}
