/**
 * One run of one workload on one server: start, connect, measure, stop.
 */
import { Load } from "./load.ts";
import { type Measurement, waitForQuiet } from "./measurement.ts";
import { type Server, start } from "./servers.ts";
import { readRssKb } from "./usage.ts";
import type { Workload } from "./workloads/mod.ts";

/** A measurement with what the connections cost in memory before they did anything. */
export type SessionResult = Measurement & { readonly rssKbPerConnection: number };

/** Runs it; rejects when the server cannot be had, fails, or loses a delivery. */
export async function runSession(server: Server, workload: Workload): Promise<SessionResult> {
  const running = await start(server);
  const { pid, port } = running;
  try {
    const idleKb = readRssKb(pid);
    const load = Load.connect(port, server.dialect, workload.connections);
    try {
      waitForQuiet({ pid, load });
      const rssKbPerConnection = (readRssKb(pid) - idleKb) / workload.connections;
      const { echoesChat } = server;
      return { ...workload.run({ pid, load, echoesChat }), rssKbPerConnection };
    } finally {
      load.close();
    }
  } finally {
    await running.stop();
  }
}
