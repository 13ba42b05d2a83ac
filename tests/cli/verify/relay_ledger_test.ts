/** What is under way to one user: each taken once, in its sender's order. */
import assert from "node:assert/strict";
import { type RelayExpectation, RelayLedger } from "../../../cli/verify/mod.ts";

const offer: RelayExpectation = { type: "offer", from: "bob", body: "v=0", sentAt: 0, step: 1 };
const end: RelayExpectation = { ...offer, type: "ice-candidate", body: null };

Deno.test("[RL1] RelayLedger takes each message once", () => {
  const ledger = new RelayLedger();
  ledger.expect(offer);
  ledger.expect(end);

  assert.equal(ledger.take("bob", "offer", "v=0").kind, "next");
  assert.equal(ledger.take("bob", "offer", "v=0").kind, "unexpected");
  assert.equal(ledger.take("bob", "ice-candidate", null).kind, "next");
  assert.equal(ledger.size, 0);
});

Deno.test("[RL1] RelayLedger knows no other sender, type or body", () => {
  const ledger = new RelayLedger();
  ledger.expect(offer);

  for (
    const [from, type, body] of [
      ["cleo", "offer", "v=0"],
      ["bob", "answer", "v=0"],
      ["bob", "offer", "v=1"],
      ["bob", "offer", undefined],
    ] as const
  ) {
    assert.equal(ledger.take(from, type, body).kind, "unexpected");
  }
  assert.equal(ledger.size, 1);
});

Deno.test("[OR3] RelayLedger tells a message that overtook another of its sender, not of others", () => {
  const ledger = new RelayLedger();
  ledger.expect(offer);
  ledger.expect(end);
  ledger.expect({ ...offer, from: "cleo" });

  assert.equal(ledger.take("bob", "ice-candidate", null).kind, "early");
  assert.equal(ledger.take("cleo", "offer", "v=0").kind, "next");
});

Deno.test("RelayLedger.clear returns what is lost", () => {
  const ledger = new RelayLedger();
  ledger.expect(offer);

  assert.deepEqual(ledger.clear(), [offer]);
  assert.deepEqual([ledger.size, ledger.clear()], [0, []]);
});
