/**
 * The broadcast: chat of 200 B to everybody in one room, from all its members in turn.
 */
import {
  type Delivered,
  expectCount,
  measure,
  type Measurement,
  type Target,
} from "../measurement.ts";
import { LatencyHistogram } from "../statistics.ts";
import { nowUs, readTimes, SENT_AT, TimedFrame } from "../timed_frame.ts";
import { MEASURED_MS, type Pace, WARM_UP_MS } from "./pace.ts";
import { enterRooms } from "./rooms.ts";

const TEXT_LENGTH = 200;
/** Far enough apart that neighbours in time are not neighbours in the room; prime to 100. */
const STRIDE = 37;

/** Runs the broadcast at `pace` in one room of all connections. */
export function broadcast(target: Target, pace: Pace): Measurement {
  enterRooms(target, { rooms: 1, perRoom: target.load.clients.length });
  const run = new Broadcast(target);
  run.drive(pace, WARM_UP_MS);
  return measure(target, () => run.drive(pace, MEASURED_MS));
}

class Broadcast {
  readonly #target: Target;
  readonly #frames: readonly TimedFrame[];
  readonly #received: Uint32Array;
  readonly #sentBy: Uint32Array;
  readonly #receivers: number;
  #sent = 0;
  #delivered = 0;

  constructor(target: Target) {
    const { clients } = target.load;
    const text = SENT_AT.padEnd(TEXT_LENGTH, ".");
    this.#target = target;
    this.#frames = clients.map((client) => new TimedFrame(client, { type: "chat", text }));
    this.#received = new Uint32Array(clients.length);
    this.#sentBy = new Uint32Array(clients.length);
    this.#receivers = target.echoesChat ? clients.length : clients.length - 1;
  }

  /** Sends for `ms` milliseconds, then waits until everything has arrived where it should. */
  drive(pace: Pace, ms: number): Delivered {
    const { load } = this.#target;
    const latencies = new LatencyHistogram();
    const before = this.#delivered;
    load.onText = (client, bytes, from, end) => {
      const now = nowUs();
      const count = readTimes(bytes, { from, end }, (sentAt) => latencies.record(now - sentAt));
      this.#received[client.index]! += count;
      this.#delivered += count;
    };
    if (pace.kind === "saturated") this.#saturate(pace.window, ms);
    else load.atRate(pace.perSecond, ms, () => this.#send());
    load.until(() => this.#delivered >= this.#due, `${this.#due} chat deliveries`);
    this.#check();
    return { deliveries: this.#delivered - before, latencies };
  }

  get #due(): number {
    return this.#sent * this.#receivers;
  }

  /** Keeps as many chats on the way as `window` says, counting them by their deliveries. */
  #saturate(window: number, ms: number): void {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      while (this.#due - this.#delivered < window * this.#receivers) this.#send();
      this.#target.load.poll(1);
    }
  }

  #send(): void {
    const sender = this.#sent++ * STRIDE % this.#frames.length;
    this.#frames[sender]!.send();
    this.#sentBy[sender]!++;
  }

  #check(): void {
    const { echoesChat } = this.#target;
    this.#received.forEach((received, index) => {
      const due = echoesChat ? this.#sent : this.#sent - this.#sentBy[index]!;
      expectCount(`chats to connection ${index}`, received, due);
    });
  }
}
