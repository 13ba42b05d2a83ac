/** Checks of ICE, broken in 100,000 ways: read or left alone, and never taken for one that is signed. */
import assert from "node:assert/strict";
import { isSigned, readIceCheck } from "../../src/media/child/stun.ts";
import { mendTieBreaker } from "../../src/media/child/tie_breaker.ts";
import { iceCheck, tieBreakerOf } from "../media/child/ice_checks.ts";
import { mutateBytes, SeededChoice } from "./mutate_bytes.ts";

const MUTANTS = 100_000;
const PASSWORD = "p".repeat(24);
const SEEDS = [0x8029, 0x802a].flatMap((role) =>
  [0n, 1n, 2n ** 63n].map((tieBreaker) =>
    iceCheck({ username: "ours:theirs", password: PASSWORD, role, tieBreaker })
  )
);

Deno.test("100,000 broken checks of ICE are left as they are, or mended as what they say", () => {
  const choice = new SeededChoice(7);
  let read = 0;
  let mended = 0;
  for (let n = 0; n < MUTANTS; n++) {
    const original = mutateBytes(choice.of(SEEDS), choice);
    const before = original.slice();

    const { bytes, isAuthentic } = mendTieBreaker(
      original,
      (name) => name === "ours" ? PASSWORD : undefined,
    );

    assert.deepEqual(original, before, `mutant ${n} was written to`);
    const check = readIceCheck(original);
    if (check !== undefined) {
      read++;
      assert.ok(check.integrityAt <= original.length && check.tieBreakerAt <= original.length);
    }
    if (bytes === original) continue;
    // What is changed was signed by somebody who knows the password, and is signed again.
    mended++;
    assert.equal(isAuthentic, true);
    assert.equal(isSigned(bytes, readIceCheck(bytes)!.integrityAt, PASSWORD), true);
    assert.equal(tieBreakerOf(bytes), 1n);
  }
  assert.ok(read > 1_000 && mended > 10, `${read} were read, ${mended} mended`);
});
