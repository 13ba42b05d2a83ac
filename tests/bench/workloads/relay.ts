/**
 * The relay: pairs negotiate, each pair in a room of its own. Of 22 messages one is an offer and one
 * an answer of 3 kB, twenty are candidates of 200 B.
 */
import type { Client } from "../client.ts";
import {
  type Delivered,
  expectCount,
  measure,
  type Measurement,
  type Target,
} from "../measurement.ts";
import { LatencyHistogram } from "../statistics.ts";
import { nowUs, readTimes, TimedFrame } from "../timed_frame.ts";
import { MEASURED_MS, type Pace, WARM_UP_MS } from "./pace.ts";
import { enterRooms, userIdOf } from "./rooms.ts";
import { candidate, sessionDescription } from "./sdp.ts";

const CYCLE = 22;

/** Runs the relay at `pace` between half as many pairs as there are connections. */
export function relay(target: Target, pace: Pace): Measurement {
  const pairs = target.load.clients.length / 2;
  enterRooms(target, { rooms: pairs, perRoom: 2 });
  const run = new Relay(target, pairs);
  run.drive(pace, WARM_UP_MS);
  return measure(target, () => run.drive(pace, MEASURED_MS));
}

/** Entering spreads a room over the burst: the partner of a connection is `pairs` further on. */
class Relay {
  readonly #target: Target;
  readonly #pairs: number;
  readonly #frames: readonly PairFrames[];
  readonly #steps: Uint32Array;
  readonly #received: Uint32Array;
  readonly #due: Uint32Array;
  #sent = 0;
  #delivered = 0;

  constructor(target: Target, pairs: number) {
    const { clients } = target.load;
    this.#target = target;
    this.#pairs = pairs;
    this.#frames = Array.from({ length: pairs }, (_, pair) => [
      framesBetween(clients[pair]!, clients[pair + pairs]!),
      framesBetween(clients[pair + pairs]!, clients[pair]!),
    ]);
    this.#steps = new Uint32Array(pairs);
    this.#received = new Uint32Array(clients.length);
    this.#due = new Uint32Array(clients.length);
  }

  /** Sends for `ms` milliseconds, then waits until everything has arrived where it should. */
  drive(pace: Pace, ms: number): Delivered {
    const { load } = this.#target;
    const latencies = new LatencyHistogram();
    const before = this.#delivered;
    let isSending = pace.kind === "saturated";
    load.onText = (client, bytes, from, end) => {
      const now = nowUs();
      const count = readTimes(bytes, { from, end }, (sentAt) => latencies.record(now - sentAt));
      this.#received[client.index]! += count;
      this.#delivered += count;
      if (!isSending) return;
      for (let next = 0; next < count; next++) this.#send(client.index % this.#pairs);
    };
    if (pace.kind === "saturated") {
      for (let message = 0; message < pace.window; message++) this.#send(message % this.#pairs);
      load.for(ms);
      isSending = false;
    } else load.atRate(pace.perSecond, ms, () => this.#send(this.#sent % this.#pairs));
    load.until(() => this.#delivered >= this.#sent, `${this.#sent} relayed messages`);
    this.#check();
    return { deliveries: this.#delivered - before, latencies };
  }

  /** Sends the next message of the pair's negotiation. */
  #send(pair: number): void {
    const step = this.#steps[pair]!++ % CYCLE;
    const fromSecond = step % 2;
    const frames = this.#frames[pair]![fromSecond]!;
    const frame = step === 0 ? frames.offer : step === 1 ? frames.answer : frames.candidate;
    frame.send();
    this.#sent++;
    this.#due[fromSecond === 1 ? pair : pair + this.#pairs]!++;
  }

  #check(): void {
    this.#due.forEach((due, index) => {
      expectCount(`messages relayed to ${userIdOf(index)}`, this.#received[index]!, due);
    });
  }
}

type Frames = {
  readonly offer: TimedFrame;
  readonly answer: TimedFrame;
  readonly candidate: TimedFrame;
};
/** What the first sends to the second, and the other way around. */
type PairFrames = readonly [Frames, Frames];

function framesBetween(sender: Client, receiver: Client): Frames {
  const to = userIdOf(receiver.index);
  const sdp = sessionDescription();
  return {
    offer: new TimedFrame(sender, { type: "offer", to, description: { type: "offer", sdp } }),
    answer: new TimedFrame(sender, { type: "answer", to, description: { type: "answer", sdp } }),
    candidate: new TimedFrame(sender, { type: "ice-candidate", to, candidate: candidate() }),
  };
}
