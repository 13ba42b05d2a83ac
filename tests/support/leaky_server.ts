/**
 * The real server with a planted leak: each connection leaves a buffer and an open file behind. The
 * soak has to find both.
 */
import { Hub } from "../../src/signaling/mod.ts";

/** What a connection leaves behind: enough to show in seconds. */
const LEAKED_BYTES = 2 * 1024 * 1024;

const leaked: (Uint8Array | Deno.FsFile)[] = [];
const { listener } = Hub.prototype;

Hub.prototype.listener = function (client) {
  // Filled, because memory that nobody has written to is not resident.
  leaked.push(new Uint8Array(LEAKED_BYTES).fill(leaked.length));
  leaked.push(Deno.openSync(new URL("../../deno.json", import.meta.url)));
  return listener.call(this, client);
};

await import("../../server.ts");
