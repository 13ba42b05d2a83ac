/** The numbers of a stay that can be resumed: every way in which they can be wrong. */
import assert from "node:assert/strict";
import { SeqWatch } from "../../../cli/conformance/seq_watch.ts";
import { Finding } from "../../../cli/conformance/verdict.ts";
import type { ServerMessage } from "../../../src/protocol/mod.ts";

const pong = (seq?: number) =>
  message({ type: "pong", at: 1, ...(seq === undefined ? {} : { seq }) });
const joined = message({ type: "joined", resumeToken: "x" });

/** Only type and numbers are looked at. */
function message(fields: Record<string, unknown>): ServerMessage {
  return fields as ServerMessage;
}

/** Shows the messages one after the other; returns the finding, if there is one. */
function watch(...messages: ServerMessage[]): Finding | undefined {
  const watching = new SeqWatch();
  try {
    for (const one of messages) watching.look(one);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Finding);
    return error;
  }
}

Deno.test("[RE2] SeqWatch takes 1, 2, 3 after joined, and on after resumed", () => {
  const resumed = message({ type: "resumed", missed: 2, lastSeq: 5 });
  const snapshot = message({ type: "resumed", missed: 0, lastSeq: 9, snapshot: {} });

  assert.equal(watch(pong(), joined, pong(1), pong(2), pong(3)), undefined);
  assert.equal(watch(pong(), resumed, pong(4), pong(5), pong(6)), undefined);
  assert.equal(watch(snapshot, pong(10)), undefined);
  assert.equal(watch(message({ type: "joined" }), pong(), pong()), undefined);
  assert.equal(watch(joined, pong(1), message({ type: "leaved" }), pong()), undefined);
});

Deno.test("[RE2] SeqWatch finds a gap, a repeat, a number too many and one too few", () => {
  assert.equal(watch(joined, pong(1), pong(3))?.expected, "seq 2");
  assert.equal(watch(joined, pong(1), pong(1))?.expected, "seq 2");
  assert.equal(watch(joined, pong(2))?.expected, "seq 1");
  assert.equal(watch(joined, pong())?.expected, "seq 1");
  assert.match(watch(pong(1))?.expected ?? "", /^no seq outside/);
  assert.match(watch(message({ type: "joined" }), pong(1))?.expected ?? "", /^no seq outside/);
  assert.match(watch({ ...joined, seq: 1 })?.expected ?? "", /^no seq in joined/);
  assert.equal(
    watch(message({ type: "resumed", missed: 1, lastSeq: 3 }), pong(2))?.expected,
    "seq 3",
  );
});
