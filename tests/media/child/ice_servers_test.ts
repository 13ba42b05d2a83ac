/** How STUN and TURN servers are named to the addon. */
import assert from "node:assert/strict";
import { addonServers } from "../../../src/media/child/ice_servers.ts";

Deno.test("addonServers writes credentials into the URLs of TURN alone, and drops what is none", () => {
  const servers = addonServers([
    { urls: "stun:stun.example.org:3478", username: "u", credential: "c" },
    { urls: ["turn:turn.example.org?transport=udp"], username: "17:room:ann", credential: "a/b=" },
    { urls: ["http://example.org", "turn:bad host", "turns:[2001:db8::1]:5349"] },
  ]);

  assert.deepEqual(servers, [
    "stun:stun.example.org:3478",
    "turn:17%3Aroom%3Aann:a%2Fb%3D@turn.example.org?transport=udp",
    "turns::@[2001:db8::1]:5349",
  ]);
});
