/** Tie-breakers of zero become one, in checks of those who know the password, and nothing else changes. */
import assert from "node:assert/strict";
import { isSigned, readIceCheck } from "../../../src/media/child/stun.ts";
import { mendTieBreaker } from "../../../src/media/child/tie_breaker.ts";
import { iceCheck, tieBreakerOf } from "./ice_checks.ts";

const PASSWORD = "p".repeat(24);
const passwordOf = (usernameFragment: string) => usernameFragment === "ours" ? PASSWORD : undefined;
const CHECK = { username: "ours:theirs", password: PASSWORD };

Deno.test("mendTieBreaker makes a tie-breaker of zero one, and signs the check anew", () => {
  for (const role of [0x8029, 0x802a]) {
    const original = iceCheck({ ...CHECK, role });

    const { bytes, isAuthentic } = mendTieBreaker(original, passwordOf);

    assert.deepEqual([tieBreakerOf(bytes), isAuthentic], [1n, true]);
    const read = readIceCheck(bytes)!;
    assert.equal(isSigned(bytes, read.integrityAt, PASSWORD), true);
    assert.equal(read.username, CHECK.username);
    // What a writer of one from the beginning would have written.
    assert.deepEqual(bytes, iceCheck({ ...CHECK, role, tieBreaker: 1n }));
    assert.equal(tieBreakerOf(original), 0n);
  }
});

Deno.test("mendTieBreaker leaves every other tie-breaker as it is", () => {
  for (const tieBreaker of [1n, 256n, 2n ** 63n]) {
    const original = iceCheck({ ...CHECK, tieBreaker });

    const { bytes, isAuthentic } = mendTieBreaker(original, passwordOf);

    assert.equal(bytes, original);
    assert.equal(isAuthentic, true);
  }
});

Deno.test("mendTieBreaker changes nothing for a stranger", () => {
  const strangers = [
    iceCheck({ ...CHECK, password: "q".repeat(24) }),
    iceCheck({ ...CHECK, username: "others:theirs" }),
    iceCheck({ ...CHECK, username: "" }),
    new Uint8Array(),
    new Uint8Array([0x80, 111, 0, 1]),
  ];

  for (const original of strangers) {
    const { bytes, isAuthentic } = mendTieBreaker(original, passwordOf);

    assert.equal(bytes, original);
    assert.equal(isAuthentic, false);
  }
});
