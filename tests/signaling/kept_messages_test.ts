/** The ring of messages that a lost connection may have missed. */
import assert from "node:assert/strict";
import { MAX_KEPT_LENGTH, MAX_KEPT_MESSAGES } from "../../src/protocol/mod.ts";
import { KeptMessages } from "../../src/signaling/kept_messages.ts";

function keep(count: number, text = (n: number) => `{${n}}`): KeptMessages {
  const kept = new KeptMessages();
  for (let n = 1; n <= count; n++) kept.add(text(n));
  return kept;
}

Deno.test("[RE2] KeptMessages.add numbers from 1 without a gap", () => {
  const kept = new KeptMessages();

  assert.deepEqual([kept.lastSeq, kept.add("{}"), kept.add("{}"), kept.lastSeq], [0, 1, 2, 2]);
});

Deno.test("[RE4] KeptMessages.after gives exactly what came later, in order", () => {
  const kept = keep(4);

  assert.deepEqual(kept.after(0), ["{1}", "{2}", "{3}", "{4}"]);
  assert.deepEqual(kept.after(3), ["{4}"]);
  assert.deepEqual(kept.after(4), []);
});

Deno.test("[RE6] KeptMessages forgets the oldest beyond its count", () => {
  const count = MAX_KEPT_MESSAGES * 3 + 7;
  const kept = keep(count);
  const bound = MAX_KEPT_MESSAGES - 1;

  assert.equal(kept.after(count - bound)?.length, bound);
  assert.equal(kept.after(count - bound)?.[0], `{${count - bound + 1}}`);
  assert.equal(kept.after(count - bound)?.at(-1), `{${count}}`);
  assert.equal(kept.after(count - bound - 1), undefined);
});

Deno.test("[RE6] KeptMessages forgets the oldest beyond its length", () => {
  const long = "x".repeat(MAX_KEPT_LENGTH / 4);
  const kept = keep(10, () => long);

  assert.equal(kept.after(6)?.length, 4);
  assert.equal(kept.after(5), undefined);
  assert.equal(keep(1, () => "x".repeat(MAX_KEPT_LENGTH + 1)).after(0), undefined);
});
