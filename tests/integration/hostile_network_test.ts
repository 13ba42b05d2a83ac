/**
 * Clients that mean harm, against a server process on the listener for the open internet: it ends
 * each of them as the rules say, others join meanwhile, and its memory comes back. How long the joins
 * take is for `deno task bench:hostile`. `Deno.serve` bounds none of this below the message, so it
 * meets the floods alone.
 */
import assert from "node:assert/strict";
import { type AttackName, attacks } from "../support/attacks.ts";
import { residentMb } from "../support/resident_memory.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TestClient } from "../support/test_server.ts";
import { waitUntil } from "../support/wait_until.ts";

/** How far above its start the memory may stay. */
const MAX_GROWTH_MB = 64;
/** Joins while an attack lasts; more would measure the joins. */
const MAX_JOINS = 50;

/** The rule that ends each attack, and the close frame that says so, where one does. */
const endings: Record<AttackName, { rule: string; code?: number; reason?: string }> = {
  "a message of 700 MB in fragments": { rule: "ME7", code: 1009 },
  "a frame of 64 MB": { rule: "ME7", code: 1009 },
  "100,000 fragments of a byte": { rule: "ME7", code: 1008 },
  "a flood of 60 kB messages": { rule: "LI4", code: 1008, reason: "rate-limited" },
  "a flood of small messages": { rule: "LI4", code: 1008, reason: "rate-limited" },
  "a reader that stalls": { rule: "BP4", code: 1008, reason: "slow-consumer" },
  "a zip bomb with permessage-deflate": { rule: "ME7", code: 1002 },
  "a text that is not UTF-8": { rule: "ME7", code: 1007 },
  "a frame that comes byte by byte": { rule: "ME7", code: 1008 },
  "50 handshakes that come byte by byte": { rule: "CO11" },
  "2,000 connections that send nothing": { rule: "CO11" },
};
const onDeno: readonly AttackName[] = ["a flood of 60 kB messages", "a flood of small messages"];

for (const name of Object.keys(attacks) as AttackName[]) {
  for (const listener of onDeno.includes(name) ? ["ws", "deno"] : ["ws"]) {
    const { rule, code, reason = "" } = endings[name];
    Deno.test(`[${rule}] server on ${listener} ends ${name}; others join meanwhile`, async () => {
      await using server = await ServerProcess.start({ args: ["--listener", listener] });
      for (let n = 0; n < 10; n++) await join(server.port);
      const startMb = await residentMb(server.address);

      let isOver = false;
      const attack = attacks[name](server.port).finally(() => isOver = true);
      for (let n = 0; n < MAX_JOINS && !isOver; n++) await join(server.port);
      const ends = await attack;

      const expected = code === undefined ? undefined : { code, reason };
      // The native socket cannot stop reading a flood, so its close frame is lost now and then.
      if (listener === "ws") assert.deepEqual(ends, ends.map(() => expected));
      await join(server.port);
      await waitUntil(async () => {
        const mb = await residentMb(server.address);
        return mb < startMb + MAX_GROWTH_MB ? undefined : `${mb} MB after ${startMb} MB`;
      });
    });
  }
}

/** A client that means well: it joins, is welcome, and goes. */
async function join(port: number): Promise<void> {
  const client = new TestClient(`ws://127.0.0.1:${port}/ws`, "signalbox.v1");
  await client.hear("welcome");
  client.say({ type: "join", roomId: "calm" });
  await client.hear("joined");
  await client.close();
}
