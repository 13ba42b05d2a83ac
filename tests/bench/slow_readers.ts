/**
 * `deno task bench:slow-readers`: a room of 500 in which 50 stop reading. Prints what that costs the
 * other 450 (the delay of a chat, against the same room without them) and the server (its resident
 * memory on the way). Rounds with and without take turns, because the machine is shared.
 */
import type { Dialect } from "./client.ts";
import { encodeFrame } from "./frame.ts";
import { Load } from "./load.ts";
import { print, say } from "./output.ts";
import { type RunningServer, SERVERS, start } from "./servers.ts";
import { LatencyHistogram, median } from "./statistics.ts";
import { nowUs, readTimes, SENT_AT, TimedFrame } from "./timed_frame.ts";
import { readRssKb } from "./usage.ts";

const ROUNDS = 3;
const MEMBERS = 500;
const STALLED = 50;
/** The kernel's buffers of a loopback connection take some megabytes before a reader is behind. */
const FLOOD = { messages: 3_000, textLength: 3_900, window: 8 };
/** Before the server gives the stalled readers up, which it does after 10 s. */
const MEASURED = { ms: 7_000, perSecond: 20, textLength: 200 };
const SETTLE_MS = 1_500;
/** The stalled are closed by then, and their memory is free. */
const AFTER_MS = 14_000;

type Outcome = {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rssMb: { readonly joined: number; readonly flooded: number; readonly after: number };
};

if (import.meta.main) await main();

async function main(): Promise<void> {
  const rows: Record<"all read" | "50 stop", Outcome[]> = { "all read": [], "50 stop": [] };
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [name, outcomes] of Object.entries(rows)) {
      const outcome = await run(name === "50 stop" ? STALLED : 0);
      outcomes.push(outcome);
      say(`round ${round}, ${name}: ${JSON.stringify(outcome)}`);
    }
  }
  const of = (outcomes: Outcome[], figure: (one: Outcome) => number) =>
    median(outcomes.map(figure));
  print(`| room of ${MEMBERS} | p50 ms | p99 ms | RSS joined, MB | behind | after |`);
  print("| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const [name, outcomes] of Object.entries(rows)) {
    const cells = [
      of(outcomes, (one) => one.p50Ms).toFixed(2),
      of(outcomes, (one) => one.p99Ms).toFixed(2),
      of(outcomes, (one) => one.rssMb.joined).toFixed(0),
      of(outcomes, (one) => one.rssMb.flooded).toFixed(0),
      of(outcomes, (one) => one.rssMb.after).toFixed(0),
    ];
    print(`| ${name} | ${cells.join(" | ")} |`);
  }
  const p99 = (outcomes: Outcome[]) => of(outcomes, (one) => one.p99Ms);
  const ratio = p99(rows["50 stop"]) / p99(rows["all read"]);
  print(`p99 of those who read, with 50 stopped against without: ${ratio.toFixed(2)}x`);
}

async function run(stalledCount: number): Promise<Outcome> {
  const server = SERVERS.find(({ dialect }) => dialect.subprotocol === "signalbox.v1")!;
  const running = await start(server);
  try {
    return drive(running, server.dialect, stalledCount);
  } finally {
    await running.stop();
  }
}

function drive({ port, pid }: RunningServer, dialect: Dialect, stalledCount: number): Outcome {
  const readers = Load.connect(port, dialect, MEMBERS - stalledCount);
  const stalled = Load.connect(port, dialect, stalledCount);
  const rssMb = () => readRssKb(pid) / 1_024;
  for (const [name, { clients }] of [["reader", readers], ["stalled", stalled]] as const) {
    for (const client of clients) {
      const userId = `${name}-${client.index}`;
      client.send(encodeFrame(client.encode({ type: "join", roomId: "room", userId })));
    }
  }
  readers.for(SETTLE_MS);
  if (stalledCount > 0) stalled.for(SETTLE_MS);
  readers.for(SETTLE_MS);
  const joined = rssMb();
  // From here on nobody reads for the stalled.
  flood(readers);
  const flooded = rssMb();
  const latencies = measure(readers);
  readers.for(AFTER_MS);
  const after = rssMb();
  readers.close();
  stalled.close();
  return {
    p50Ms: latencies.percentile(0.5) / 1_000,
    p99Ms: latencies.percentile(0.99) / 1_000,
    rssMb: { joined, flooded, after },
  };
}

/** Fills what the kernel holds for those who do not read. */
function flood(readers: Load): void {
  const text = SENT_AT.padEnd(FLOOD.textLength, ".");
  const frame = new TimedFrame(readers.clients[0]!, { type: "chat", text });
  let delivered = 0;
  readers.onText = (_client, bytes, from, end) => {
    delivered += readTimes(bytes, { from, end }, () => {});
  };
  for (let sent = 0; sent < FLOOD.messages; sent++) {
    frame.send();
    const due = (sent + 1 - FLOOD.window) * readers.clients.length;
    readers.until(() => delivered >= due, "the flood to be read by those who read");
  }
  readers.until(
    () => delivered >= FLOOD.messages * readers.clients.length,
    "the rest of the flood",
  );
}

function measure(readers: Load): LatencyHistogram {
  const text = SENT_AT.padEnd(MEASURED.textLength, ".");
  const frames = readers.clients.map((client) => new TimedFrame(client, { type: "chat", text }));
  const latencies = new LatencyHistogram();
  let sent = 0;
  let delivered = 0;
  readers.onText = (_client, bytes, from, end) => {
    const now = nowUs();
    delivered += readTimes(bytes, { from, end }, (sentAt) => latencies.record(now - sentAt));
  };
  readers.atRate(MEASURED.perSecond, MEASURED.ms, () => frames[sent++ % frames.length]!.send());
  readers.until(() => delivered >= sent * frames.length, `${sent * frames.length} deliveries`);
  return latencies;
}
