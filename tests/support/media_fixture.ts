/**
 * A room whose media go through a scripted plane, and words for what its members hear of it. For the
 * tests of the rooms; those of signaling bring the plane to a hub.
 */
import { type Outbound, RoomRegistry, type Seat, type TopologyMode } from "../../src/rooms/mod.ts";
import { FakeClock } from "./fake_clock.ts";
import { clientMessage, userId } from "./messages.ts";
import { said } from "./room_fixture.ts";
import { ScriptedMediaPlane, type ScriptedMediaRoom } from "./scripted_media_plane.ts";
import { ScriptedRandom } from "./scripted_random.ts";

/** A registry with one room, `test`. */
export class MediaFixture {
  readonly clock = new FakeClock();
  readonly plane = new ScriptedMediaPlane();
  readonly registry: RoomRegistry;
  readonly #seats = new Map<string, Seat>();
  #delivered: Outbound[] = [];

  constructor(options: { topology?: TopologyMode; isAvailable?: boolean } = {}) {
    this.plane.isAvailable = options.isAvailable ?? true;
    this.registry = new RoomRegistry({
      clock: this.clock,
      random: new ScriptedRandom(),
      maxRooms: 10,
      maxParticipants: 10,
      maxFrameBytes: 1_000,
      media: this.plane,
      topology: options.topology,
      deliver: (outbound) => this.#delivered.push(...outbound),
    });
  }

  /** The media of the room. */
  get media(): ScriptedMediaRoom {
    return this.plane.room;
  }

  /** Lets one in that can take its media through the server; returns what all hear, `joined` last. */
  join(user: string, more: Record<string, unknown> = {}): string[] {
    return this.#join(user, { sfu: true, ...more }, {});
  }

  /** Lets one in that came over HTTP. */
  joinOverHttp(user: string, more: Record<string, unknown> = {}): string[] {
    return this.#join(user, more, { isSocketless: true });
  }

  /** Lets several in. */
  joinAll(...users: string[]): void {
    for (const user of users) this.join(user);
  }

  /** Has one leave; returns what the others hear. */
  leave(user: string): string[] {
    return this.#said(this.registry.leave(this.seat(user), "left").outbound);
  }

  /** One reports what holds its pictures down; returns what is heard. */
  report(user: string, limitedBy?: string): string[] {
    const message = clientMessage("stats", limitedBy === undefined ? {} : { limitedBy });
    return this.#said(this.registry.reportStats(this.seat(user), message));
  }

  /** One wants its media through the server, or no longer; returns what is heard. */
  wish(user: string, isWanted: boolean): string[] {
    const { room, participant } = this.seat(user);
    return this.#said(room.media.requestForwarding(participant, isWanted));
  }

  /** Where somebody sits. */
  seat(user: string): Seat {
    const seat = this.#seats.get(user);
    if (seat === undefined) throw new Error(`${user} has not joined`);
    return seat;
  }

  /** What is said without a request because of `act`. */
  during(act: () => void): Outbound[] {
    this.#delivered = [];
    act();
    return this.#delivered;
  }

  /** What was said without a request since the last look. */
  delivered(): string[] {
    const delivered = this.#delivered;
    this.#delivered = [];
    return this.#said(delivered);
  }

  /** The ids of the tracks that the roster shows of somebody. */
  tracksOf(user: string): (string | undefined)[] {
    return (this.seat(user).participant.view.tracks ?? []).map(({ trackId }) => trackId);
  }

  #join(user: string, fields: Record<string, unknown>, entry: { isSocketless?: true }): string[] {
    const message = clientMessage("join", { roomId: "test", userId: user, ...fields });
    const { seat, outcome } = this.registry.join(message, entry);
    this.#seats.set(user, seat);
    const { reply, outbound } = outcome;
    const joined = reply?.type === "joined" ? `${user}: joined ${reply.room.topology}` : "";
    return [...this.#said(outbound), joined];
  }

  #said(outbound: readonly Outbound[]): string[] {
    return said({ outbound }).map((line, index) => {
      const { message } = outbound.filter(({ to }) => to.length > 0)[index]!;
      if (message.type === "topology") return `${line} ${message.topology}`;
      if (message.type === "media-lost") return `${line} ${message.channel}`;
      if (message.type === "track-published") return `${line} ${message.track.trackId}`;
      if ("trackId" in message) return `${line} ${message.trackId}`;
      return line;
    });
  }
}

/** The user id of a test. */
export const ann = userId("ann");
/** Another. */
export const bob = userId("bob");
