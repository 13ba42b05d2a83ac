/** The servers that help to find a path, as the browser takes them. */
import assert from "node:assert/strict";
import { toIceServers } from "../../../static/state/ice_servers.ts";

Deno.test("[CO2, IC1] toIceServers hands on what is known of each server, and nothing else", () => {
  const servers = toIceServers([
    { urls: ["stun:stun.example"] },
    { urls: ["turn:turn.example"], username: "1:room:ann", credential: "secret" },
  ]);

  assert.deepEqual(servers, [
    { urls: ["stun:stun.example"] },
    { urls: ["turn:turn.example"], username: "1:room:ann", credential: "secret" },
  ]);
});

Deno.test("toIceServers takes a server that says nothing of any", () => {
  assert.deepEqual(toIceServers(undefined), []);
});
