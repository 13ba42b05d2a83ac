/**
 * `deno task bench:sfu`: what a forwarded packet costs the process that forwards it, beside the engine
 * alone, for one publisher with 1,000 packets of 1,200 bytes a second and some subscribers, and what
 * delay it adds. All in one run, taking turns, because the machine is shared; a figure says something
 * beside the other of its row.
 */
import { parseArgs } from "node:util";
import { print, say } from "./output.ts";
import { median } from "./statistics.ts";
import { cpuUsBetween, readCpu, readRssKb } from "./usage.ts";

const KINDS = ["ours", "bare"] as const;
type Kind = typeof KINDS[number];

/** What a run of one kind came to. */
type Outcome = {
  /** Microseconds of CPU a packet that was sent to a subscriber. */
  readonly packetUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of those that should have come. */
  readonly share: number;
  readonly subscriberKb: number;
};

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      subscribers: { type: "string", default: "1,10,20,50" },
      rounds: { type: "string", default: "3" },
      seconds: { type: "string", default: "5" },
    },
  });
  print(
    "| subscribers | ours, us a packet | bare | ratio | p50 ms | p99 ms | bare p99 | kB each |",
  );
  print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const subscribers of values.subscribers.split(",").map(Number)) {
    const outcomes: Record<Kind, Outcome[]> = { ours: [], bare: [] };
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const kind of KINDS) {
        const outcome = await run(kind, { subscribers, seconds: Number(values.seconds) });
        say(`${subscribers} ${kind}: ${JSON.stringify(outcome)}`);
        outcomes[kind].push(outcome);
      }
    }
    print(rowOf(subscribers, outcomes));
  }
}

async function run(
  kind: Kind,
  { subscribers, seconds }: { subscribers: number; seconds: number },
): Promise<Outcome> {
  await using forwarder = start("forwarder.ts", ["--kind", kind]);
  const url = `http://127.0.0.1:${await forwarder.line()}`;
  const before = readRssKb(forwarder.pid);
  await using load = start("load.ts", [
    ...["--url", url],
    ...["--subscribers", `${subscribers}`],
    ...["--seconds", `${seconds}`],
  ]);
  await load.line();
  const cpu = readCpu(forwarder.pid);
  const report = JSON.parse(await load.line()) as {
    sent: number;
    received: number;
    p50Us: number;
    p99Us: number;
  };
  const cpuUs = cpuUsBetween(cpu, readCpu(forwarder.pid));
  return {
    packetUs: cpuUs / report.received,
    p50Ms: report.p50Us / 1_000,
    p99Ms: report.p99Us / 1_000,
    share: report.received / (report.sent * subscribers),
    subscriberKb: (readRssKb(forwarder.pid) - before) / subscribers,
  };
}

function rowOf(subscribers: number, { ours, bare }: Record<Kind, Outcome[]>): string {
  const of = (outcomes: Outcome[], figure: (one: Outcome) => number) =>
    median(outcomes.map(figure));
  const cost = (outcomes: Outcome[]) => of(outcomes, (one) => one.packetUs);
  return `| ${
    [
      `${subscribers}`,
      cost(ours).toFixed(1),
      cost(bare).toFixed(1),
      (cost(ours) / cost(bare)).toFixed(2),
      of(ours, (one) => one.p50Ms).toFixed(2),
      of(ours, (one) => one.p99Ms).toFixed(2),
      of(bare, (one) => one.p99Ms).toFixed(2),
      of(ours, (one) => one.subscriberKb).toFixed(0),
    ].join(" | ")
  } |`;
}

/** A program of `sfu/`, whose lines are read one by one. */
function start(program: string, args: readonly string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      "--allow-read",
      "--allow-ffi",
      "--allow-sys",
      "--allow-env",
      new URL(`sfu/${program}`, import.meta.url).pathname,
      ...args,
    ],
    stdout: "piped",
    stderr: "inherit",
    stdin: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    pid: child.pid,
    async line(): Promise<string> {
      for (;;) {
        const end = text.indexOf("\n");
        if (end >= 0) {
          const line = text.slice(0, end);
          text = text.slice(end + 1);
          return line;
        }
        const { value, done } = await reader.read();
        if (done) throw new Error(`${program} ended`);
        text += value;
      }
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await reader.cancel();
      try {
        child.kill("SIGKILL"); // The addon does not let a process end by itself.
      } catch {
        // It has ended already.
      }
      await child.status;
    },
  };
}
