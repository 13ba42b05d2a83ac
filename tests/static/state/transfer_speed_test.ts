/** The speed of a transfer: unknown at first, then that of the last seconds. */
import assert from "node:assert/strict";
import { TransferSpeed } from "../../../static/state/transfer_speed.ts";

Deno.test("TransferSpeed says nothing before it has seen enough", () => {
  const speed = new TransferSpeed();

  const before = speed.bytesPerSecond;
  speed.add(1_000, 0);
  speed.add(1_300, 90_000);

  assert.equal(before, undefined);
  assert.equal(speed.bytesPerSecond, undefined);
});

Deno.test("TransferSpeed forgets how it was some seconds ago", () => {
  const speed = new TransferSpeed();
  for (let second = 0; second <= 5; second++) speed.add(second * 1000, second * 1_000_000);
  const steady = speed.bytesPerSecond;
  for (let second = 6; second <= 11; second++) speed.add(second * 1000, 5_000_000);

  assert.equal(steady, 1_000_000);
  assert.equal(speed.bytesPerSecond, 0);
});
