/**
 * The thread of the embedded TURN server, so that relaying and signaling do not wait for each other.
 * `embedded.ts` starts it, tells it once how to work, and ends it.
 */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import { systemClock, systemRandom } from "../base/mod.ts";
import type { EmbeddedOptions, WorkerWord } from "./embedded.ts";
import { relayPortsIn } from "./relay_port.ts";
import { TurnListener } from "./turn_listener.ts";
import { TurnServer } from "./turn_server.ts";

/** How often the server is told how much there is. */
const REPORT_MS = 5_000;

const say = (word: WorkerWord) => self.postMessage(word);

self.onmessage = async ({ data: options }: MessageEvent<EmbeddedOptions>) => {
  const clock = systemClock;
  const { bindAddress, port, relayPorts } = options;
  const openRelay = relayPortsIn(relayPorts, { bindAddress, random: systemRandom });
  const server = new TurnServer({ ...options, openRelay, clock });
  try {
    await TurnListener.open({ server, port, bindAddress, clock });
  } catch (error) {
    server.close();
    return say({ failed: error instanceof Error ? error.message : `${error}` });
  }
  say({ isListening: true });
  clock.every(REPORT_MS, () => {
    say({ allocations: server.allocationCount, relayedBytes: server.relayedBytes });
  });
};
