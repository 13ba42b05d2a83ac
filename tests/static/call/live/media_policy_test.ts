/** What a forced rung means for connections. */
import assert from "node:assert/strict";
import { forcedPath, heldTo, policyFor } from "../../../../static/call/live/media_policy.ts";
import type { CallPlatform } from "../../../../static/call/platform.ts";

const configuration: RTCConfiguration = {
  iceServers: [
    { urls: "stun:a" },
    { urls: ["turn:b", "stun:c", "turns:d"], username: "u", credential: "p" },
    { urls: "TURN:e" },
  ],
};

function connected(policy: ReturnType<typeof policyFor>): RTCConfiguration | undefined {
  let used: RTCConfiguration | undefined;
  const platform = { connect: (one: RTCConfiguration) => used = one } as unknown as CallPlatform;
  heldTo(policy, platform).connect(configuration);
  return used;
}

for (
  const [search, path] of [
    ["?path=relay", "relay"],
    ["?user=ann&path=p2p", "p2p"],
    ["?path=turn", "turn"],
    ["?path=sfu", "sfu"],
    ["?path=best", undefined],
    ["?path=", undefined],
    ["", undefined],
  ] as const
) {
  Deno.test(`forcedPath of "${search}" is ${path}`, () => {
    assert.equal(forcedPath(search), path);
  });
}

Deno.test("heldTo lets connections that are forced to nothing be as they are", () => {
  for (const forced of [undefined, "sfu", "relay"] as const) {
    assert.equal(connected(policyFor(forced)), configuration);
  }
});

Deno.test("heldTo takes TURN from connections that are forced to p2p", () => {
  assert.deepEqual(connected(policyFor("p2p"))?.iceServers, [
    { urls: ["stun:a"] },
    { urls: ["stun:c"], username: "u", credential: "p" },
  ]);
});

Deno.test("heldTo leaves connections that are forced to turn nothing else", () => {
  const used = connected(policyFor("turn"));

  assert.equal(used?.iceTransportPolicy, "relay");
  assert.equal(used?.iceServers, configuration.iceServers);
});
