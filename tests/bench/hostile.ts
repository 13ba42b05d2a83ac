/**
 * `deno task bench:hostile`: how long a normal client's join takes while the server is attacked, and
 * the server's memory before, at its worst, and after. Each attack meets a fresh server process and
 * runs on a thread of its own, so that its work does not count as the server's.
 *
 * A join is a new connection, `welcome`, `join`, `joined`. `--listener deno` attacks the other
 * listener, which bounds less: 700 MB in fragments take some 1.7 GB there.
 */
import { parseArgs } from "node:util";
import { type AttackName, attacks, type Ending } from "../support/attacks.ts";
import { residentMb } from "../support/resident_memory.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TestClient } from "../support/test_server.ts";
import type { AttackOrder, AttackReport } from "./hostile_attacker.ts";
import { print, say } from "./output.ts";
import { median } from "./statistics.ts";

/** Joins before the memory is first read: what the server compiles once is not the attack's. */
const WARM_JOINS = 50;
/** A client that joins over and over without a pause is a load of its own: 1,000 joins cost 25 MB. */
const JOIN_PERIOD_MS = 50;

/** What one attack did to the server. */
type Row = {
  readonly name: AttackName;
  readonly ending: Ending;
  readonly joinsMs: readonly number[];
  readonly beforeMb: number;
  readonly peakMb: number;
  readonly afterMb: number;
};

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  const { values: { listener, only } } = parseArgs({
    args: [...args],
    options: {
      listener: { type: "string", default: "ws" },
      only: { type: "string", default: "" },
    },
  });
  print("| attack | ends with | joins | p50, ms | max, ms | before, MB | peak | after |");
  print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const name of (Object.keys(attacks) as AttackName[]).filter((one) => one.includes(only))) {
    try {
      print(lineOf(await measure(name, listener)));
    } catch (error) {
      say(`${name}: ${error instanceof Error ? error.message : error}`);
      Deno.exitCode = 1;
    }
  }
}

async function measure(name: AttackName, listener: string): Promise<Row> {
  await using server = await ServerProcess.start({ args: ["--listener", listener] });
  for (let n = 0; n < WARM_JOINS; n++) await timedJoin(server.port);
  const beforeMb = await residentMb(server.address);
  const joinsMs: number[] = [];
  let peakMb = beforeMb;
  let isOver = false;
  const attack = attackFromThread({ name, port: server.port }).finally(() => isOver = true);
  while (!isOver) {
    const pause = new Promise((resolve) => setTimeout(resolve, JOIN_PERIOD_MS));
    joinsMs.push(await timedJoin(server.port));
    peakMb = Math.max(peakMb, await residentMb(server.address));
    await pause;
  }
  const { endings } = await attack;
  const afterMb = await residentMb(server.address);
  return { name, ending: endings[0], joinsMs, beforeMb, peakMb, afterMb };
}

async function attackFromThread(order: AttackOrder): Promise<AttackReport> {
  const worker = new Worker(import.meta.resolve("./hostile_attacker.ts"), { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      worker.postMessage(order);
    });
  } finally {
    worker.terminate();
  }
}

async function timedJoin(port: number): Promise<number> {
  const from = performance.now();
  const client = new TestClient(`ws://127.0.0.1:${port}/ws`, "signalbox.v1");
  const heard = new Promise<void>((resolve, reject) => {
    client.socket.addEventListener("message", () => {
      if (client.count("joined") > 0) return resolve();
      client.say({ type: "join", roomId: "calm" });
    });
    client.socket.addEventListener("close", () => reject(new Error("A normal client was closed")));
  });
  await heard;
  const ms = performance.now() - from;
  await client.close();
  return ms;
}

function lineOf({ name, ending, joinsMs, beforeMb, peakMb, afterMb }: Row): string {
  const end = ending === undefined ? "the connection" : `${ending.code} ${ending.reason}`.trim();
  const figures = [
    `${joinsMs.length}`,
    median(joinsMs).toFixed(1),
    Math.max(...joinsMs).toFixed(1),
    ...[beforeMb, peakMb, afterMb].map((mb) => mb.toFixed(0)),
  ];
  return `| ${[name, end, ...figures].join(" | ")} |`;
}
